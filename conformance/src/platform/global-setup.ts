import { startPlatform } from './platform.ts'

/** Vitest's global set-up: one platform for the whole run. */
export default startPlatform
