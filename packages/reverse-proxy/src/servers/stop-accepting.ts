import type { Server } from 'node:http'
import { Server as SocketServer } from 'node:net'

/** Takes no new connection, and leaves those that are open as they are: `close` of an HTTP server cuts the idle ones at once. */
export function stopAccepting(server: Server): void {
  if (server.listening) SocketServer.prototype.close.call(server)
}
