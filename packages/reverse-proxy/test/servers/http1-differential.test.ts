import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type Duplex, duplexPair } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inspectRequest } from '#src/edge/inspect-request.ts'
import { Http1Side } from '#src/servers/http1/http1-side.ts'
import { corpus } from '../edge/corpus.ts'

/** What a server makes of the bytes of one connection: its requests, a line each, and why it read no further. */
type Reading = { requests: string[]; refusal: string | undefined }

type Reader = (pieces: readonly Buffer[]) => Promise<Reading>

function describe({ method, url, httpVersion, rawHeaders }: IncomingMessage, body: Buffer): string {
  return JSON.stringify([method, url, httpVersion, rawHeaders, body.toString('latin1')])
}

/** Answers each request when all of its body has come. */
function answer(reading: Reading, request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    reading.requests.push(describe(request, Buffer.concat(chunks)))
    response.writeHead(200, { 'content-length': '2' })
    response.end('ok')
  })
}

async function converse(accept: (socket: Duplex) => void, pieces: readonly Buffer[]): Promise<string> {
  const [client, server] = duplexPair()
  let received = ''
  client.on('data', (bytes: Buffer) => {
    received += bytes.toString('latin1')
  })
  client.on('error', () => {})
  accept(server)
  for (const piece of pieces) {
    if (!client.writable || server.destroyed) break
    client.write(piece)
    await turn()
  }
  for (let quiet = 0; quiet < 20; quiet++) await turn()
  client.destroy()
  server.destroy()
  return received
}

/** Ours, with the edge behind it. */
const readOurs: Reader = async (pieces) => {
  const reading: Reading = { requests: [], refusal: undefined }
  const side = new Http1Side((request, response) => {
    const inspected = inspectRequest(request, 8192)
    if (inspected !== '*' && 'status' in inspected) {
      reading.refusal = inspected.reason
      response.shouldKeepAlive = false
      response.end()
    } else answer(reading, request, response)
  })
  const received = await converse((socket) => side.accept(socket as Socket), pieces)
  reading.refusal ??= /"detail":"([^"]*)"/.exec(received)?.[1]
  side.destroy()
  return reading
}

const readWithNode: Reader = async (pieces) => {
  const reading: Reading = { requests: [], refusal: undefined }
  const options = { requireHostHeader: false, maxHeaderSize: 16_384 }
  const server = createServer(options, (request, response) => answer(reading, request, response))
  server.maxHeadersCount = 0
  server.on('clientError', (error: NodeJS.ErrnoException) => {
    // Said of bytes behind a request that closes the connection: they are read by nobody.
    if (error.code !== 'HPE_CLOSED_CONNECTION') reading.refusal = error.code
  })
  // What is expected is judged further in.
  server.on('checkExpectation', (request, response) => answer(reading, request, response))
  server.on('connect', (_request, socket) => void socket.destroy())
  await converse((socket) => void server.emit('connection', socket), pieces)
  server.closeAllConnections()
  return reading
}

const name = fc.constantFrom('X-A', 'x-b', 'Accept', 'Cookie', 'Content-Type', 'Connection', 'X-Long')
const value = fc.oneof(
  fc.string({ maxLength: 12 }).map((text) => text.replaceAll(/[^\x20-\x7e]/g, '').trim()),
  fc.constantFrom('', 'a, b', 'close', 'keep-alive', '\xe9\xff', 'a\tb', 'x'.repeat(300)),
)
const header = fc
  .tuple(name, value, fc.constantFrom(':', ': ', ':  ', ':\t'))
  .map(([key, text, colon]) => `${key}${colon}${text}\r\n`)
const chunked = (text: string, extension: string) =>
  `${text.length > 0 ? `${text.length.toString(16)}${extension}\r\n${text}\r\n` : ''}0\r\n`

const proper = fc
  .record({
    method: fc.constantFrom('GET', 'GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'),
    target: fc.constantFrom('/', '/a?b=c', '/%7e', 'http://h/a'),
    version: fc.constantFrom('1.1', '1.1', '1.1', '1.0'),
    headers: fc.array(header, { maxLength: 5 }),
    framing: fc.constantFrom('none', 'none', 'length', 'chunked'),
    text: fc.oneof(
      fc.string({ maxLength: 30 }).map((text) => Buffer.from(text).toString('latin1')),
      fc.constantFrom('GET /hidden HTTP/1.1\r\n\r\n', '0\r\n\r\n', 'x'.repeat(5000)),
    ),
    extension: fc.constantFrom('', '', ';a', ';a=b'),
    trailer: fc.constantFrom('', '', 'X-T: 1\r\n'),
  })
  .map(({ method, target, version, headers, framing, text, extension, trailer }) => {
    const head = `${method} ${target} HTTP/${version}\r\nHost: h\r\n${headers.join('')}`
    if (framing === 'none' || (framing === 'chunked' && version === '1.0')) return `${head}\r\n`
    if (framing === 'length') return `${head}Content-Length: ${text.length}\r\n\r\n${text}`
    return `${head}Transfer-Encoding: chunked\r\n\r\n${chunked(text, extension)}${trailer}\r\n`
  })

/** One byte is another one, or a line is there that should not be. */
const damage = fc.oneof(
  { weight: 3, arbitrary: fc.constant((text: string) => text) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.constantFrom('\0', '\r', '\n', ' ', ':', ';', '0', 'x', '\r\n', '', '\t', '\x7f'),
      )
      .map(([share, other]) => (text: string) => {
        const at = Math.floor(share * text.length)
        return text.slice(0, at) + other + text.slice(at + 1)
      }),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('Content-Length: 3', 'Transfer-Encoding: chunked', ' folded', 'a b: c', 'x', 'Expect: y')
      .map((line) => (text: string) => text.replace('\r\n', `\r\n${line}\r\n`)),
  },
)

const connection = fc.array(fc.tuple(proper, damage), { minLength: 1, maxLength: 3 })
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 })

function cut(text: string, shares: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text, 'latin1')
  const places = shares.map((share) => Math.floor(share * bytes.length)).sort((one, other) => one - other)
  const pieces = [0, ...places].map((start, index) => bytes.subarray(start, places[index] ?? bytes.length))
  return pieces.filter((piece) => piece.length > 0)
}

async function hold(text: string, shares: readonly number[]): Promise<void> {
  const pieces = cut(text, shares)
  const ours = await readOurs(pieces)
  const nodes = await readWithNode(pieces)
  const told = `${text.replaceAll(/(.)\1{20,}/g, '$1…')}\n  ours: ${JSON.stringify(ours)}\n  node: ${JSON.stringify(nodes)}`
  // Nobody is served a request that the other reads otherwise: ours may stop earlier, never read on in another way.
  expect(nodes.requests.slice(0, ours.requests.length), told).toEqual(ours.requests)
  // Where ours refuses nothing it has read all that there is.
  if (ours.refusal === undefined) expect(ours.requests, told).toEqual(nodes.requests)
}

test('GW-63 ours reads no request that Node’s parser reads otherwise, proper or broken, however it is cut', async () => {
  const property = fc.asyncProperty(connection, cuts, (parts, shares) =>
    hold(parts.map(([text, harm]) => harm(text)).join(''), shares),
  )
  await fc.assert(property, {
    ...{ numRuns: 5000, interruptAfterTimeLimit: 8000, markInterruptAsFailure: false },
    seed: 9112,
  })
}, 30_000)

const startLine = fc.constantFrom(
  'GET / HTTP/1.1',
  'GET /other HTTP/1.1',
  'POST / HTTP/1.0',
  'HEAD /a HTTP/1.1',
)

/** What a client sends again, now and then by another request line, and once with a fault. */
const repeated = fc
  .tuple(proper, fc.array(startLine, { maxLength: 4 }), damage)
  .map(([text, lines, harm]) => {
    const others = lines.map((line) => text.replace(/^[^\r]*/, line))
    return [text, text, ...others, text, harm(text), text].join('')
  })

test('GW-63 fields that a client repeats are read as if they were new, whatever else changes', async () => {
  await fc.assert(fc.asyncProperty(repeated, cuts, hold), {
    ...{ numRuns: 3000, interruptAfterTimeLimit: 6000, markInterruptAsFailure: false },
    seed: 9113,
  })
}, 30_000)

test('GW-63 nor one of those that are known to be read in two ways', async () => {
  // Node loses what stands behind an upgrade that nobody takes.
  for (const bytes of corpus) if (!/^upgrade:/im.test(bytes)) await hold(bytes, [])
}, 60_000)

test('GW-61 proper requests are all read, and as they were written', async () => {
  const property = fc.asyncProperty(
    fc.array(proper, { minLength: 1, maxLength: 4 }),
    cuts,
    async (parts, shares) => {
      const pieces = cut(parts.join(''), shares)
      const ours = await readOurs(pieces)
      expect(ours).toEqual(await readWithNode(pieces))
    },
  )
  await fc.assert(property, {
    ...{ numRuns: 3000, interruptAfterTimeLimit: 5000, markInterruptAsFailure: false },
    seed: 9110,
  })
}, 30_000)
