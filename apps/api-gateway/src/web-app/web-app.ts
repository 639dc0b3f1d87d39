import type { ServerResponse } from 'node:http'
import type { Exchange, ProtocolSwitch } from '@alicerce/reverse-proxy'

/** What takes the requests that are not for the API. */
export type WebApp = {
  /** Answers. `path` is decoded. */
  serve(exchange: Exchange, path: string, response: ServerResponse): void
  /** Takes a WebSocket, if the web app has one. */
  upgrade(exchange: Exchange, response: ServerResponse & ProtocolSwitch): boolean
  close(): Promise<void>
}
