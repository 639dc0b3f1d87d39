import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { closeAll, type Handler } from '../fixtures.ts'
import { ask, readCached, startCached } from './fixtures.ts'

afterEach(closeAll)

const minute = { 'cache-control': 'max-age=60' }

/** A service whose GETs are stored, and whose other methods give this status. */
function changing(status: number): Handler {
  let count = 0
  return (request, response) => {
    request.resume()
    if (request.method === 'GET') response.writeHead(200, minute).end(`answer ${++count}`)
    else response.writeHead(status).end()
  }
}

const writes = {
  routes: {
    w: { ClusterId: 'c', Match: { Path: '/api/{**rest}', Methods: ['POST', 'PUT', 'PATCH', 'DELETE'] } },
  },
  route: { Match: { Path: '/api/{**rest}', Methods: ['GET', 'HEAD', 'OPTIONS'] } },
}

test.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
  'GW-46 what a %s may have changed is forgotten, also by another route than the one that stored it',
  async (method) => {
    const { url } = await startCached(changing(204), writes)
    await ask(`${url}/api/a?q=1`)
    await ask(`${url}/api/b`)
    await ask(`${url}/api/a?q=1`, { method })
    expect((await ask(`${url}/api/a?q=1`)).body).toBe('answer 3')
    expect((await ask(`${url}/api/b`)).body).toBe('answer 2')
  },
)

test.each([
  ['a failure', 'POST', 409],
  ['a fault', 'POST', 500],
  ['a safe method', 'OPTIONS', 200],
])('GW-46 %s changes nothing', async (_what, method, status) => {
  const { url } = await startCached(changing(status))
  await ask(`${url}/api/a`)
  await ask(`${url}/api/a`, { method })
  expect((await ask(`${url}/api/a`)).body).toBe('answer 1')
})

test('GW-46 a change that is refused changes nothing', async () => {
  const refusal = { status: 403, code: 'no', title: 'No', detail: 'No.' }
  const { url } = await startCached(changing(204), {
    hooks: { authorize: ({ request }) => (request.method === 'GET' ? undefined : refusal) },
  })
  await ask(`${url}/api/a`)
  expect((await ask(`${url}/api/a`, { method: 'DELETE' })).status).toBe(403)
  expect((await ask(`${url}/api/a`)).body).toBe('answer 1')
})

test('GW-46 a change whose outcome is not known counts', async () => {
  let count = 0
  const { url } = await startCached(
    (request, response) => {
      if (request.method === 'GET') response.writeHead(200, minute).end(`answer ${++count}`)
    },
    { route: { Timeout: '00:00:00.2' } },
  )
  await ask(`${url}/api/a`)
  expect((await ask(`${url}/api/a`, { method: 'PUT' })).status).toBe(504)
  expect((await ask(`${url}/api/a`)).body).toBe('answer 2')
})

test('GW-46 a change is forgotten for every user and every variant, and by the parameters that count', async () => {
  let count = 0
  const { url } = await startCached(
    (request, response) => {
      if (request.method === 'GET')
        response.writeHead(200, { ...minute, vary: 'accept' }).end(`answer ${++count}`)
      else response.writeHead(204).end()
    },
    { policy: { VaryByUser: true, VaryByQuery: ['q'] } },
  )
  const headers = [
    { authorization: 'eva', accept: 'a' },
    { authorization: 'eva', accept: 'b' },
    { authorization: 'ana' },
  ]
  for (const one of headers) await ask(`${url}/api/a?q=1`, { headers: one })
  await ask(`${url}/api/a?q=1&other=2`, { method: 'DELETE' })
  const bodies = []
  for (const one of headers) bodies.push((await ask(`${url}/api/a?q=1`, { headers: one })).body)
  expect(bodies).toEqual(['answer 4', 'answer 5', 'answer 6'])
})

test('GW-46 what was fetched while it changed is not stored, and nobody who comes after the change waits for it', async () => {
  const waiting: (() => void)[] = []
  let version = 1
  const { url } = await startCached((request, response) => {
    if (request.method !== 'GET') {
      version++
      return void response.writeHead(204).end()
    }
    const body = `version ${version}`
    waiting.push(() => response.writeHead(200, minute).end(body))
  })
  const before = ask(`${url}/api/a`)
  await until(() => waiting.length === 1)
  await ask(`${url}/api/a`, { method: 'PUT' })
  const after = ask(`${url}/api/a`)
  await until(() => waiting.length === 2)
  waiting[1]?.()
  expect((await after).body).toBe('version 2')
  waiting[0]?.()
  expect((await before).body).toBe('version 1')
  expect((await ask(`${url}/api/a`)).body).toBe('version 2')
})

test('GW-46 a reload keeps what it leaves as it is, and nothing else', async () => {
  let count = 0
  const parts = {
    policies: { p: {}, q: {} },
    routes: {
      s: {
        ClusterId: 'c',
        OutputCachePolicy: 'q',
        Match: { Path: '/other/{id:int}' },
        Transforms: [{ PathPrefix: '/x' }],
      },
    },
  }
  const { proxy, url, upstream } = await startCached(
    (_request, response) => void response.writeHead(200, minute).end(`answer ${++count}`),
    parts,
  )
  const bodies = async () => [(await ask(`${url}/api/a`)).body, (await ask(`${url}/other/1`)).body]
  expect(await bodies()).toEqual(['answer 1', 'answer 2'])
  proxy.reload(readCached(upstream.address, parts))
  expect(await bodies()).toEqual(['answer 1', 'answer 2'])
  proxy.reload(readCached(upstream.address, { ...parts, policies: { p: { MaxBytes: 9999 }, q: {} } }))
  expect(await bodies()).toEqual(['answer 3', 'answer 2'])
  proxy.reload(readCached(upstream.address, { ...parts, route: { Transforms: [{ PathPrefix: '/new' }] } }))
  expect(await bodies()).toEqual(['answer 4', 'answer 2'])
  const held = proxy.outputCacheBytes()
  const otherCluster = { Destinations: { e: { Address: upstream.address } } }
  proxy.reload(readCached(upstream.address, { ...parts, cluster: otherCluster }))
  expect(proxy.outputCacheBytes()).toBe(0)
  expect(await bodies()).toEqual(['answer 5', 'answer 6'])
  expect(proxy.outputCacheBytes()).toBeCloseTo(held, -2)
})

test('GW-46 what is fetched under a configuration that is no longer is not stored', async () => {
  const waiting: (() => void)[] = []
  const { proxy, url, upstream } = await startCached((_request, response) => {
    waiting.push(() => response.writeHead(200, minute).end('x'))
  })
  const atWork = ask(`${url}/api/a`)
  await until(() => waiting.length === 1)
  proxy.reload(readCached(upstream.address, { policy: { MaxBytes: 9999 } }))
  waiting[0]?.()
  expect((await atWork).body).toBe('x')
  expect(proxy.outputCacheBytes()).toBe(0)
})
