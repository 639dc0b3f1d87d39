import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Where a proxy listens: HTTP/1.1, and HTTP/2 by prior knowledge. */
export type Ports = readonly [http1: number, http2: number]

const head = (method: string, path: string, headers = '') =>
  `${method} ${path} HTTP/1.1\r\nHost: h\r\n${headers}\r\n`
const handshake = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'
const key = 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'

/** Sends bytes, reads whatever comes for a while, or until the other side closes, and leaves. */
async function say(port: number, bytes: string, milliseconds: number, end = false): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => {})
  socket.resume()
  socket.write(bytes, 'latin1')
  if (end) socket.end()
  // Not `once` of node:events, which rejects where the other side breaks off.
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await Promise.race([closed, sleep(milliseconds)])
  socket.destroy()
}

/** Several streams on one connection; each may be reset, and so may be the connection. */
async function streams(
  port: number,
  paths: readonly string[],
  resetsAfter?: number,
  leavesAfter?: number,
): Promise<void> {
  const session = connectHttp2(`http://127.0.0.1:${port}`)
  session.on('error', () => {})
  if (leavesAfter !== undefined) setTimeout(() => session.destroy(), leavesAfter)
  const closed = paths.map((path) => {
    const stream = session.request({ ':path': path, ':method': path.endsWith('echo') ? 'POST' : 'GET' })
    stream.on('error', () => {})
    stream.resume()
    stream.end(path.endsWith('echo') ? 'body' : undefined)
    if (resetsAfter !== undefined) setTimeout(() => stream.close(8), resetsAfter)
    return new Promise((resolve) => stream.once('close', resolve))
  })
  await Promise.race([Promise.all(closed), sleep(3000)])
  session.destroy()
}

/** What clients do in a minute: each once, and most of them not as they should. */
export function minuteOf([http1, http2]: Ports): Promise<unknown> {
  const body = (size: number) => `Content-Length: ${size}\r\n`
  const chunked = 'Transfer-Encoding: chunked\r\n'
  const get = (path: string) => say(http1, head('GET', path, 'Connection: close\r\n'), 3000)
  const websocket = (path: string, milliseconds: number) =>
    say(http1, `${head('GET', path, handshake + key)}hello`, milliseconds)
  return Promise.all([
    // As it should be: one by one, one behind the other, with a body of either kind, and closed from this side first.
    ...['/plain/a', '/plain/large', '/probed/a', '/tried/a', '/narrow/a', '/narrow/late', '/narrow/late'].map(
      get,
    ),
    say(http1, head('GET', '/plain/a') + head('GET', '/plain/late') + head('GET', '/plain/a'), 300),
    say(http1, `${head('POST', '/plain/echo', body(4))}body`, 100),
    say(
      http1,
      `${head('POST', '/tried/echo', `${chunked}Connection: close\r\n`)}4\r\nbody\r\n0\r\n\r\n`,
      3000,
    ),
    say(http1, head('GET', '/plain/late'), 3000, true),
    // The service fails.
    ...['busy', 'reset', 'garbage', 'half', 'never', 'late'].flatMap((path) => [
      get(`/plain/${path}`),
      get(`/tried/${path}`),
    ]),
    get('/gone/a'),
    // The client leaves: in its head, in its body, before an answer, in it, and in line.
    say(http1, 'GET /plain/a HTTP/1.1\r\nHo', 20),
    say(http1, `${head('POST', '/plain/echo', body(1000))}part`, 20),
    say(http1, `${head('POST', '/plain/echo', chunked)}4\r\nbo`, 20),
    ...['never', 'large', 'events', 'late'].map((path) => say(http1, head('GET', `/plain/${path}`), 40)),
    ...[1, 2, 3, 4, 5, 6, 7, 8].map(() => say(http1, head('GET', '/narrow/late'), 30)),
    // The client is slow, or sends what is refused.
    say(http1, `${head('POST', '/plain/echo', body(1000))}part`, 3000),
    say(http1, head('POST', '/plain/echo', body(1_000_000)), 3000),
    say(http1, head('GET', '/nowhere'), 50),
    say(http1, head('GET', '/plain/a%2fb'), 3000),
    say(http1, head('POST', '/plain/echo', body(4) + chunked), 3000),
    say(http1, 'no HTTP at all\r\n\r\n', 3000),
    // What is stored: together, and some leave.
    ...[1, 2, 3].map(() => get('/plain/cached')),
    say(http1, head('GET', '/plain/cached'), 5),
    // WebSockets: closed by either side, and refused.
    websocket('/plain/ws', 50),
    websocket('/plain/closing', 3000),
    websocket('/nowhere', 3000),
    websocket('/gone/ws', 3000),
    // HTTP/2: to the end, with streams that are reset, and left.
    streams(http2, ['/plain/a', '/plain/echo', '/plain/large', '/tried/late', '/plain/half', '/nowhere']),
    streams(http2, ['/plain/never', '/plain/events', '/plain/large', '/narrow/late'], 30),
    streams(http2, ['/plain/never', '/plain/events', '/plain/late', '/plain/echo'], undefined, 30),
  ])
}
