import { until } from '@alicerce/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Exchange } from '#src/index.ts'
import { closeAll, startProxy } from '../fixtures.ts'
import { corpus } from './corpus.ts'
import { hasPeer, type PeerName, startPeer } from './peers.ts'
import { converse, startRecorder } from './sockets.ts'
import type { ParsedRequest } from './strict-parser.ts'

/** One request as somebody read it. */
type Reading = Pick<ParsedRequest, 'method' | 'target' | 'body'>

/** What became of some bytes of a client. */
type Outcome = { bytes: string; accepted: Reading[]; raw: string[]; faults: string[] }

const outcomes: Outcome[] = []

beforeAll(async () => {
  for (const bytes of corpus) outcomes.push(await observe(bytes))
}, 300_000)
afterAll(closeAll)

/** Behind each case, over the same connections to the service: what went there too much would be a part of it. */
const behind = { target: '/behind', bytes: 'GET /behind HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n' }

/** Each case has a proxy and a service of its own: on a busy machine some of it may come late, and is not to be taken for the next one's. */
async function observe(bytes: string): Promise<Outcome> {
  const upstream = await startRecorder()
  const exchanges: Exchange[] = []
  const ended = new Set<Exchange>()
  const { port } = await startProxy(
    upstream.address,
    { Transforms: [], Match: { Path: '/{**rest}' } },
    { authorize: (exchange) => void exchanges.push(exchange), end: (exchange) => void ended.add(exchange) },
  )
  await converse(port, bytes, 40, 150)
  const { statuses } = await converse(port, behind.bytes)
  await until(() => exchanges.every((exchange) => ended.has(exchange)))
  const { accepted, faults } = judge(exchanges, upstream)
  if (statuses.join() !== '200') faults.push(`The request behind it was answered ${statuses}`)
  const isItsOwn = ({ target }: Reading) => target !== behind.target
  const raw = upstream.requests.filter(isItsOwn).map((request) => request.raw)
  await closeAll()
  return { bytes, accepted: accepted.filter(isItsOwn), raw, faults }
}

/** Holds what reached the service against what was authorized. */
function judge(exchanges: readonly Exchange[], upstream: { requests: ParsedRequest[]; faults: string[] }) {
  const faults = [...upstream.faults]
  const accepted: Reading[] = []
  const left = [...upstream.requests]
  for (const { request, inspected, error, receivedBytes } of exchanges) {
    const target = `${inspected?.target.rawPath}${inspected?.target.query}`
    const index = left.findIndex((one) => one.method === request.method && one.target === target)
    const [reached] = index === -1 ? [] : left.splice(index, 1)
    if (!reached) {
      if (error === 'None')
        faults.push(`${request.method} ${target} was answered, and never reached the service`)
      continue
    }
    const size =
      inspected?.body === 'length' ? inspected.contentLength : inspected?.body === 'none' ? 0 : receivedBytes
    if (reached.body.length !== size)
      faults.push(`${size} bytes of a body were authorized, ${reached.body.length} came`)
    accepted.push(reached)
  }
  faults.push(
    ...left.map(({ method, target }) => `${method} ${target} reached the service, and was never authorized`),
  )
  return { accepted, faults }
}

test('GW-63 each accepted request reaches the service as one request, the one that was authorized', () => {
  expect(outcomes.length).toBeGreaterThan(400)
  // Neither all nor none: else the corpus would prove nothing.
  const accepting = outcomes.filter(({ accepted }) => accepted.length > 0).length
  expect(accepting).toBeGreaterThan(60)
  expect(accepting).toBeLessThan(outcomes.length - 200)
  expect(outcomes.filter(({ faults }) => faults.length > 0)).toEqual([])
})

const withoutAuthority = (target: string) => target.replace(/^https?:\/\/[^/]*/i, '')
const sameReading = (one: Reading, other: Reading) =>
  one.method === other.method && one.body === other.body && one.target === withoutAuthority(other.target)

/** One of two may stop earlier: it refused what the other took. What both took must be the same. */
const agrees = (ours: readonly Reading[], theirs: readonly Reading[]) =>
  theirs.slice(0, ours.length).every((reading, index) => sameReading(ours[index] as Reading, reading))

/** The same request to the same service is one. */
const withoutPort = (raw: string) => raw.replace(/127\.0\.0\.1:\d+/, '127.0.0.1')

/** Starts another proxy, and tells what it reads in bytes, as the service behind it sees that. */
async function startBehind(name: PeerName) {
  const upstream = await startRecorder(true)
  const port = await startPeer(name, upstream.port)
  return async (bytes: string, silentMilliseconds: number, answers = 1): Promise<Reading[]> => {
    upstream.clear()
    await converse(port, bytes, 40, silentMilliseconds, answers)
    // Ours answers that one itself.
    return upstream.requests.filter(({ target }) => target !== '*')
  }
}

for (const name of ['nginx', 'haproxy'] as const) {
  const isThere = hasPeer(name)
  const note = isThere ? '' : ` (skipped: ${name} is not installed)`
  const peerTest = (title: string, run: () => Promise<void>) =>
    test.skipIf(!isThere)(`GW-63 ${name} ${title}${note}`, run, 180_000)

  peerTest('never reads another request where ours reads one', async () => {
    const read = await startBehind(name)
    const apart: object[] = []
    for (const { bytes, accepted } of outcomes.filter((outcome) => outcome.accepted.length > 0)) {
      // A busy machine may answer late: what looks apart is asked again, with patience.
      if (agrees(accepted, await read(bytes, 150))) continue
      await new Promise((resolve) => setTimeout(resolve, 200))
      const theirs = await read(bytes, 1500)
      if (!agrees(accepted, theirs)) apart.push({ bytes, accepted, theirs })
    }
    expect(apart).toEqual([])
  })

  peerTest('reads what ours forwards as just as many requests', async () => {
    const read = await startBehind(name)
    const apart: object[] = []
    const forwarded = new Set(outcomes.flatMap(({ raw }) => raw.map(withoutPort)))
    for (const bytes of forwarded) {
      // Twice, so that what one request leaves over would show in the other. Behind the last of a connection nothing counts.
      const times = /^connection: close\r$/im.test(bytes) ? 1 : 2
      const theirs = await read(bytes.repeat(times), 2000, times)
      if (theirs.length !== times) apart.push({ bytes, theirs })
    }
    expect(apart).toEqual([])
    expect(forwarded.size).toBeGreaterThan(20)
  })
}
