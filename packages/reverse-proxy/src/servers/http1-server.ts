import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  STATUS_CODES,
} from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { longestTarget } from '#src/configuration/read-limits.ts'
import { ClientConnection, connectionOf } from '#src/edge/client-connection.ts'
import { edgeRefusal, plainRefusal } from '#src/refusals.ts'
import { SwitchingResponse } from './switching-response.ts'

const serverOptions = {
  ...{
    keepAliveTimeout: 65_000,
    headersTimeout: 10_000,
    requestTimeout: 0,
    connectionsCheckingInterval: 2000,
  },
  ...{ maxHeaderSize: 16_384, requireHostHeader: false, insecureHTTPParser: false },
}

/**
 * Makes the proxy's server: strict in what it parses. A request whose offer of another protocol is wanted comes with a response that can switch to
 * it; any other offer is a plain request.
 */
export function createStrictServer(
  onRequest: RequestListener,
  wantsUpgrade: (request: IncomingMessage) => boolean,
): Server {
  const shouldUpgradeCallback = (request: IncomingMessage) => {
    const connection = connectionOf(request.socket)
    connection?.parsed(request)
    const isWanted = !connection?.isOver && wantsUpgrade(request)
    if (!isWanted) connection?.parsesNoFurther(request)
    return isWanted
  }
  const serve: RequestListener = (request, response) => {
    const connection = connectionOf(request.socket)
    if (connection?.isOver) return
    connection?.parsed(request)
    if (connection) connection.serve(response, () => onRequest(request, response))
    else onRequest(request, response)
  }
  const server = createServer({ ...serverOptions, shouldUpgradeCallback }, serve)
  // Node would say 100 itself. Whoever serves the request says it, when somebody wants the body.
  server.on('checkContinue', serve)
  // Node cuts what is above its limit off in silence; ours refuses it.
  server.maxHeadersCount = 0
  server.on('connection', (socket: Socket) => new ClientConnection(socket))
  server.on('upgrade', (request, socket, head) => {
    if (takeOver(socket)) onRequest(request, new SwitchingResponse(request, head))
  })
  server.on('connect', (_request, socket) => {
    if (takeOver(socket)) socket.end(refusalBytes(405, 'CONNECT is not served'))
  })
  server.on('clientError', refuseBytes)
  return server
}

/** Takes a socket out of HTTP. Not while answers are under way on it: what is written then would stand among their bytes. */
function takeOver(socket: Duplex): boolean {
  const connection = connectionOf(socket)
  connection?.leave()
  socket.on('error', () => socket.destroy())
  const isFree = !connection?.isOver && (connection?.answers.length ?? 0) === 0
  if (!isFree) socket.destroy()
  return isFree
}

/** Answers bytes that are no request. What came before them on the connection and is not answered yet ends with it. */
function refuseBytes({ code = '' }: NodeJS.ErrnoException, socket: Duplex): void {
  const connection = connectionOf(socket)
  const answers = connection?.answers ?? []
  // Behind a request that closes the connection nothing counts, whatever it is: that request gets its answer.
  if (connection?.isOver || (code === 'HPE_CLOSED_CONNECTION' && answers.length > 0)) {
    connection?.leave()
    return
  }
  const isOfClient = code.startsWith('HPE_') || code === 'ERR_HTTP_REQUEST_TIMEOUT'
  if (!connection || !isOfClient || !socket.writable || answers.some(({ headersSent }) => headersSent)) {
    socket.destroy()
    return
  }
  const bytes = refusalOf(code, connection.lineLength)
  if (answers.length === 0) connection.end(bytes)
  else {
    socket.write(bytes)
    socket.destroy()
  }
}

function refusalOf(code: string, lineLength: number): Buffer {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return refusalBytes(408, 'The request did not come in time')
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return refusalBytes(413, 'The chunk extensions are too large')
  if (code !== 'HPE_HEADER_OVERFLOW') return refusalBytes(400, 'The bytes are no well-formed HTTP/1.1')
  return lineLength > longestTarget
    ? refusalBytes(414, 'The URL is too long')
    : refusalBytes(431, 'The headers are too large')
}

function refusalBytes(status: 400 | 405 | 408 | 413 | 414 | 431, reason: string): Buffer {
  const { type, body } = plainRefusal(edgeRefusal({ status, reason }))
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...[`content-type: ${type}`, `content-length: ${Buffer.byteLength(body)}`, 'cache-control: no-store'],
    ...['connection: close', '', body],
  ]
  return Buffer.from(lines.join('\r\n'))
}
