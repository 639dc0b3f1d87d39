import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'

const serverOptions = {
  ...{
    keepAliveTimeout: 65_000,
    headersTimeout: 10_000,
    requestTimeout: 0,
    connectionsCheckingInterval: 2000,
  },
  ...{ maxHeaderSize: 16_384, requireHostHeader: false, insecureHTTPParser: false },
}

/** Makes the proxy's server: strict in what it parses, and it tells only WebSockets as upgrades. */
export function createStrictServer(onRequest: RequestListener): Server {
  const server = createServer({ ...serverOptions, shouldUpgradeCallback: isWebSocket }, onRequest)
  // Node cuts what is above its limit off in silence; ours refuses it.
  server.maxHeadersCount = 0
  server.on('connect', (_request, socket) => {
    socket.end('HTTP/1.1 405 Method Not Allowed\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
  })
  return server
}

/** Any other upgrade is served as a plain request. */
function isWebSocket({ headers, method }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket'
}
