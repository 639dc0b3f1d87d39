import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import type { Forwarder } from '#src/forwarding/forwarder.ts'
import { createUndiciForwarder } from '#src/forwarding/undici-forwarder.ts'
import { startRawUpstream } from './raw-upstream.ts'
import { forwarderTo, send } from './send.ts'

/** One answer to one request: which method asks, which pieces of bytes come, and that the connection ends behind them. */
type Script = { method: string; pieces: Buffer[] }

const name = fc.constantFrom('X-A', 'x-b', 'Date', 'ETag', 'Set-Cookie', 'Content-Type', 'Vary', 'X-Long')
const value = fc.oneof(
  fc.string({ maxLength: 12 }).map((text) => text.replaceAll(/[^\x20-\x7e]/g, '').trim()),
  fc.constantFrom('', 'a, b', '"q"', '\xe9\xff', 'a\tb', 'x'.repeat(300)),
)
const header = fc
  .tuple(name, value, fc.constantFrom(':', ': ', ':  ', ':\t'))
  .map(([key, text, colon]) => `${key}${colon}${text}`)
const body = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ minLength: 1, maxLength: 4 }).map((text) => text.repeat(500)),
)
const statusLine = fc.constantFrom(
  ...[
    'HTTP/1.1 200 OK',
    'HTTP/1.1 200',
    'HTTP/1.1 201 Created it',
    'HTTP/1.1 404 Not Found',
    'HTTP/1.1 503 A  B',
  ],
  ...['HTTP/1.1 204 No Content', 'HTTP/1.1 304 Not Modified', 'HTTP/1.0 200 OK'],
)
const chunkEnd = fc.constantFrom('', ';a', ';a=b', ';a="b"')

function chunked(text: string, sizes: number[], extension: string, trailer: string): string {
  let coded = ''
  let rest = text
  for (const size of sizes) {
    const part = rest.slice(0, size)
    rest = rest.slice(size)
    if (part) coded += `${part.length.toString(16)}${extension}\r\n${part}\r\n`
  }
  if (rest) coded += `${rest.length.toString(16).toUpperCase()}\r\n${rest}\r\n`
  return `${coded}0\r\n${trailer}\r\n`
}

/** An answer as it should be. */
const proper = fc
  .record({
    ...{
      statusLine,
      headers: fc.array(header, { maxLength: 6 }),
      text: body.map(toLatin1),
      extension: chunkEnd,
    },
    framing: fc.constantFrom('length', 'chunked', 'end'),
    sizes: fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 4 }),
    trailer: fc.constantFrom('', 'X-T: 1\r\n', 'a: b\r\nc:\r\n'),
    interim: fc.constantFrom(
      '',
      '',
      '',
      'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n',
      'HTTP/1.1 102 Processing\r\n\r\n',
    ),
  })
  .map(({ statusLine, headers, text, extension, framing, sizes, trailer, interim }) => {
    const isEmpty = / (?:204|304) /.test(statusLine)
    const lines = [statusLine, ...headers]
    // RFC 9112 §6.1: HTTP/1.0 knows no Transfer-Encoding.
    const isChunked = framing === 'chunked' && !statusLine.startsWith('HTTP/1.0')
    if (isEmpty) lines.push('X-Empty: 1')
    else if (isChunked) lines.push('Transfer-Encoding: chunked')
    else if (framing === 'length') lines.push(`Content-Length: ${text.length}`)
    const coded = isChunked ? chunked(text, sizes, extension, trailer) : text
    return `${interim}${lines.join('\r\n')}\r\n\r\n${isEmpty ? '' : coded}`
  })

/** What a broken upstream does to an answer. */
const damage: fc.Arbitrary<(text: string) => string> = fc.oneof(
  { weight: 4, arbitrary: fc.constant((text: string) => text) },
  {
    weight: 2,
    arbitrary: fc
      .double({ min: 0, max: 1, noNaN: true })
      .map((share) => (text: string) => text.slice(0, share * text.length)),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.constantFrom('\0', '\r', '\n', ' ', ':', ';', '0', 'x', '\r\n', ''),
      )
      .map(([share, other]) => (text: string) => {
        const at = Math.floor(share * text.length)
        return text.slice(0, at) + other + text.slice(at + 1)
      }),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        'Content-Length: 3',
        'Content-Length: 0',
        'Transfer-Encoding: chunked',
        'Transfer-Encoding: gzip',
        ' folded',
        'nonsense',
        'Connection: close',
      )
      .map((line) => (text: string) => text.replace('\r\n', `\r\n${line}\r\n`)),
  },
)

const script: fc.Arbitrary<Script> = fc
  .record({
    ...{ text: proper, damage, method: fc.constantFrom('GET', 'GET', 'GET', 'POST') },
    cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
  })
  .map(({ text, damage, method, cuts }) => {
    const bytes = Buffer.from(damage(text), 'latin1')
    const places = cuts.map((share) => Math.floor(share * bytes.length)).sort((one, other) => one - other)
    const pieces = [0, ...places].map((start, index) => bytes.subarray(start, places[index] ?? bytes.length))
    return { method, pieces: pieces.filter((piece) => piece.length > 0) }
  })

function toLatin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

/** Runs shortened, for reading. */
const short = (text: string) => text.replaceAll(/(.{1,4}?)\1{8,}/g, '$1…')

/** What an answer came to: a line for comparing, and why where it was an error. */
async function outcome(forwarder: Forwarder, { method }: Script): Promise<{ line: string; why: string }> {
  const { status, message, rawHeaders, body, error } = await send(forwarder, { method }).done
  if (error) return { line: 'error', why: error.message }
  // undici keeps blanks behind a value where a read ended within them; they are no part of it (RFC 9112 §5.1).
  const trimmed = rawHeaders.map((text) => text.replace(/[ \t]+$/, ''))
  return { line: JSON.stringify({ status, message, trimmed, body }), why: '' }
}

/** Where we refuse on purpose what undici takes, by what our error says. */
const stricter: readonly string[] = [
  // We ask for no coding but chunked and undo no other. undici takes `gzip` alone as a body until the end, which nobody would decode as such,
  // and two lines of `chunked` as one, which another reader may undo twice (RFC 9112 §6.1, §7).
  'The Transfer-Encoding of the answer is not exactly chunked',
  // undici gives what was promised and is silent of the rest. Which of the two the upstream meant is not to be known: GW-58 wants an error.
  'The answer is longer than it promised',
  // undici lets control characters into the reason. Node would refuse to write it to the client.
  'The reason of the answer has a character that it may not have',
]

/** undici takes `Connection: close` in 102 or 103 for the end of the connection, and fails at the answer that follows. We go on to it. */
const closesInInterim = (text: string) => /^HTTP\/1\.1 10[23][^\r]*\r\nConnection: close\r\n/.test(text)

test('GW-61 ours and undici make the same of every answer, proper or broken, however it is cut', async () => {
  let current: Script = { method: 'GET', pieces: [] }
  const upstream = await startRawUpstream({
    async request(socket) {
      for (const piece of current.pieces) {
        if (socket.destroyed) return
        socket.write(piece)
        await turn()
      }
      socket.end()
    },
  })
  const ours = forwarderTo(upstream)
  const reference = createUndiciForwarder(upstream.origin, {
    version: '1.1',
    maximum: undefined,
    tlsVersions: undefined,
    verifies: true,
    proxy: undefined,
  })
  onTestFinished(() => reference.close())
  const property = fc.asyncProperty(script, async (next) => {
    current = next
    const we = await outcome(ours, next)
    const they = await outcome(reference, next)
    const text = Buffer.concat(next.pieces).toString('latin1')
    if (we.line === they.line || stricter.includes(we.why)) return
    if (they.line === 'error' && closesInInterim(text)) return
    expect(short(`${text}\n  ours: ${we.line} ${we.why}`)).toBe(
      short(`${text}\n  undici: ${they.line} ${they.why}`),
    )
  })
  await fc.assert(property, {
    ...{ numRuns: 5000, interruptAfterTimeLimit: 5000, markInterruptAsFailure: false },
    seed: 9112,
  })
})
