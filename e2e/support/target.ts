import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The port of the web app of the platform under test: one that `npm test` starts, or with E2E_TARGET=compose containers that run already. */
const port = Number(process.env.E2E_PORT ?? 18_080)

const isCompose = process.env.E2E_TARGET === 'compose'

export const target = {
  isCompose,
  port,
  // To a browser these two hosts are different sites, as an app and the auth server of another company are (SPA-10). The containers are
  // the other case: one site.
  webApp: `http://${isCompose ? 'localhost' : '127.0.0.1'}:${port}`,
  issuer: `http://localhost:${port + 1}`,
  userService: `http://localhost:${port + 11}`,
  orderService: `http://localhost:${port + 12}`,
}

export const projectFolder = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
/** The data of the platform that `npm test` starts: not that of `npm start`. */
export const dataFolder = join(projectFolder, '.alicerce/e2e')
