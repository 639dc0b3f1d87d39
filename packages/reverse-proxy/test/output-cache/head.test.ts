import { afterEach, expect, test } from 'vitest'
import { closeAll, type Handler } from '../fixtures.ts'
import { ask, startCached } from './fixtures.ts'

afterEach(closeAll)

const body = 'twelve bytes'
const kept = { 'cache-control': 'max-age=10', etag: '"1"', 'x-made': 'get' }

/** A service whose answer to GET is kept, and that answers HEAD as told; its answers to GET have a new body once it is asked a second time. */
async function startWith(head: object, status = 200) {
  let count = 0
  const service: Handler = (request, response) => {
    if (request.method === 'HEAD') response.writeHead(status, head as never).end()
    else response.writeHead(200, kept).end(count++ === 0 ? body : 'another body')
  }
  const started = await startCached(service)
  const get = () => ask(`${started.url}/api/a`)
  await get()
  started.pass(11)
  expect((await ask(`${started.url}/api/a`, { method: 'HEAD' })).status).toBe(status)
  const methods = () => started.upstream.seen.map(({ method }) => method)
  expect(methods()).toEqual(['GET', 'HEAD'])
  return { ...started, get, methods }
}

test.each([
  ['its entity tag', { etag: '"1"' }],
  ['its entity tag and its length', { etag: '"1"', 'content-length': body.length }],
])(
  'GW-46 RFC 9111 4.3.5 a HEAD that confirms a stored answer by %s freshens it, with its headers',
  async (_by, head) => {
    const { get, methods, results, pass } = await startWith({
      ...{ 'cache-control': 'max-age=60', 'x-made': 'head', 'set-cookie': 'a=1' },
      ...head,
    })
    pass(50)
    const answer = await get()
    expect([answer.body, answer.headers['x-made'], answer.headers['set-cookie']]).toEqual([
      body,
      'head',
      undefined,
    ])
    expect(answer.headers['content-length']).toBe(String(body.length))
    expect([results().at(-1), methods()]).toEqual(['hit', ['GET', 'HEAD']])
  },
)

test.each([
  ['entity tag', { etag: '"2"' }],
  ['length', { etag: '"1"', 'content-length': body.length + 1 }],
  ['date', { etag: '"1"', 'last-modified': 'Mon, 01 Jan 2024 00:00:00 GMT' }],
  ['will', { etag: '"1"', 'cache-control': 'no-store' }],
])('GW-46 RFC 9111 4.3.5 a HEAD that tells of another %s lets what is stored go', async (_what, head) => {
  const { get, upstream, results } = await startWith({ 'cache-control': 'max-age=60', ...head })
  expect((await get()).body).toBe('another body')
  expect(results().at(-1)).toBe('miss')
  expect(upstream.seen.at(-1)?.headers['if-none-match']).toBeUndefined()
})

test.each([
  ['says nothing of what it is', { 'cache-control': 'max-age=60' }, 200],
  ['is a failure', { 'cache-control': 'max-age=60', etag: '"2"' }, 404],
])('GW-46 a HEAD whose answer %s changes nothing', async (_what, head, status) => {
  const { get, upstream } = await startWith(head, status)
  await get()
  expect(upstream.seen.at(-1)?.headers['if-none-match']).toBe('"1"')
})

test('GW-46 a HEAD that was asked before what is stored was forgotten brings nothing back', async () => {
  let answerHead = () => {}
  const { url, pass, upstream } = await startCached((request, response) => {
    if (request.method === 'HEAD')
      answerHead = () => void response.writeHead(200, { ...kept, 'cache-control': 'max-age=60' }).end()
    else response.writeHead(200, kept).end(request.method === 'GET' ? body : '')
  })
  await ask(`${url}/api/a`)
  pass(11)
  const head = ask(`${url}/api/a`, { method: 'HEAD' })
  await expect.poll(() => upstream.seen.length).toBe(2)
  await ask(`${url}/api/a`, { method: 'POST' })
  answerHead()
  await head
  await ask(`${url}/api/a`)
  expect(upstream.seen.map(({ method }) => method)).toEqual(['GET', 'HEAD', 'POST', 'GET'])
})
