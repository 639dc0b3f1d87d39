import { startTestServers } from './servers.ts'

/** Vitest's global set-up: one PostgreSQL and one Redis for the whole run. */
export default () => startTestServers()
