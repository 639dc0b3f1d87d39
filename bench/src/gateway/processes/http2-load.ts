// A process of its own: HTTP/2 over TLS, four connections with sixteen streams each.
import { type ClientHttp2Session, connect } from 'node:http2'
import { loadResultOf } from '../load-result.ts'

const connections = 4
const streams = 16

const [address = '', seconds, authorization = ''] = process.argv.slice(2)
const { origin, pathname } = new URL(address)
const milliseconds: number[] = []
let errors = 0

function ask(session: ClientHttp2Session): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const stream = session.request({ ':path': pathname, authorization })
  let status: number | undefined
  let [bytes, expected] = [0, Number.NaN]
  stream.on('response', (headers) => {
    status = headers[':status']
    expected = Number(headers['content-length'])
  })
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  stream.on('error', () => {})
  stream.on('close', () => {
    if (status !== 200 || bytes !== expected) errors++
    resolve()
  })
  return promise
}

const sessions = await Promise.all(
  Array.from({ length: connections }, async () => {
    const session = connect(origin, { rejectUnauthorized: false })
    session.on('error', () => {})
    await new Promise((resolve) => session.once('connect', resolve))
    return session
  }),
)
const startedAt = performance.now()
const until = startedAt + Number(seconds) * 1000
async function work(session: ClientHttp2Session): Promise<void> {
  while (performance.now() < until) {
    const beganAt = performance.now()
    await ask(session)
    milliseconds.push(performance.now() - beganAt)
  }
}
await Promise.all(sessions.flatMap((session) => Array.from({ length: streams }, () => work(session))))
const took = (performance.now() - startedAt) / 1000
for (const session of sessions) session.destroy()
process.stdout.write(JSON.stringify(loadResultOf(milliseconds, took, errors)))
