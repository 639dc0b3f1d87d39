import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The port of the web app in containers that run already; without it `npm test` starts a platform of its own. */
const composePort = process.env.E2E_COMPOSE_PORT
const port = composePort ? Number(composePort) : 18_080

export const target = {
  isCompose: composePort !== undefined,
  port,
  webApp: `http://localhost:${port}`,
  issuer: `http://localhost:${port + 1}`,
  userService: `http://localhost:${port + 11}`,
  orderService: `http://localhost:${port + 12}`,
}

export const projectFolder = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
/** The data of the platform that `npm test` starts: not that of `npm start`. */
export const dataFolder = join(projectFolder, '.alicerce/e2e')
