// A process of its own: a service behind the gateway, which fails in the way that it is told to.
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

type Fault = 'none' | 'garbage' | 'half' | 'slow' | 'reset' | 'busy'

let fault: Fault = 'none'
/** Requests that change something, by their id: none may come twice. */
const executed = new Map<string, number>()
const large = Buffer.alloc(1_000_000, 'x')

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('error', () => {})
  request.on('end', () => answer(request, response, Buffer.concat(chunks)))
})
// Idle connections close soon, in the middle of everything.
server.keepAliveTimeout = 700
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.send?.('ready'))

process.on('message', (message: { fault?: Fault; report?: true }) => {
  if (message.fault) fault = message.fault
  if (message.report) process.send?.({ twice: [...executed.values()].filter((count) => count > 1).length })
})

function answer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const id = String(request.headers['x-id'] ?? '')
  if (request.method === 'POST') executed.set(id, (executed.get(id) ?? 0) + 1)
  if (request.url === '/large') response.end(large)
  else if (fault === 'busy') response.writeHead(503, { 'retry-after': '0' }).end('busy')
  else if (fault === 'reset') request.socket.resetAndDestroy()
  else if (fault === 'garbage') request.socket.end('HTTP/1.1 2000 What\r\nthis is\nno answer\0')
  else if (fault === 'slow') setTimeout(() => give(response, id, body), 400)
  else if (fault === 'half') {
    response.writeHead(200, { 'content-length': '1000' }).write('half of it')
    setTimeout(() => request.socket.destroy(), 10)
  } else give(response, id, body)
}

/** What came, so that the client can tell that it is the answer to its own request. */
function give(response: ServerResponse, id: string, body: Buffer): void {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ id, digest: createHash('sha256').update(body).digest('hex') }))
}
