import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The port of the web app of the platform under test: one that `npm test` starts, or with E2E_TARGET=compose containers that run already. */
const port = Number(process.env.E2E_PORT ?? 18_080)

export const target = {
  isCompose: process.env.E2E_TARGET === 'compose',
  port,
  webApp: `http://localhost:${port}`,
  issuer: `http://localhost:${port + 1}`,
  userService: `http://localhost:${port + 11}`,
  orderService: `http://localhost:${port + 12}`,
}

export const projectFolder = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
/** The data of the platform that `npm test` starts: not that of `npm start`. */
export const dataFolder = join(projectFolder, '.alicerce/e2e')
