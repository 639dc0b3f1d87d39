import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Listens; rejects where the port is taken. */
export function listen(server: Server, port: number, host: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(port, host, resolve)
  return promise
}

/** Takes no new requests. Those under way may end; ten seconds at most. */
export function endRequests(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const deadline = setTimeout(() => server.closeAllConnections(), 10_000)
  server.close(() => {
    clearTimeout(deadline)
    resolve()
  })
  server.closeIdleConnections()
  return promise
}

/** Where a server listens. */
export function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo
  return `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`
}
