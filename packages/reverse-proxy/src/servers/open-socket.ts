import { once } from 'node:events'
import type { Server } from 'node:net'

/** Lets a server listen. Rejects where that is not possible, such as where the port is taken. */
export type OpenSocket = (server: Server, address: { host: string; port: number }) => Promise<void>

/** Opens a socket that is this server's alone. */
export const openOwnSocket: OpenSocket = async (server, address) => {
  server.listen(address)
  await once(server, 'listening')
}
