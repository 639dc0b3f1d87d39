import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Listens, or rejects with what hinders it (a port in use, say). */
export function listen(server: Server, port: number, host: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(port, host, resolve)
  return promise
}

/** Stops listening and cuts the connections that are left. */
export function closeServer(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  server.closeAllConnections()
  return promise
}

/** Where to reach a server that listens: on loopback if it listens everywhere. */
export function urlOf(server: Pick<Server, 'address'>, host: string): string {
  const { port } = server.address() as AddressInfo
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}
