import { request } from 'node:http'
import { connect } from 'node:net'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { closeAll, closing, type Handler } from '../fixtures.ts'
import { ask, startCached } from './fixtures.ts'

afterEach(closeAll)

const minute = { 'cache-control': 'max-age=60' }
const sized: Handler = (incoming, response) => {
  const size = Number(new URL(incoming.url ?? '', 'http://h').searchParams.get('size'))
  response.writeHead(200, minute).end('x'.repeat(size))
}

test('GW-46 a body over MaxBytes is not stored, whether its length is said or not', async () => {
  const { url, proxy, upstream } = await startCached(
    (incoming, response) => {
      const said = incoming.url?.endsWith('said') ? { 'content-length': 1001 } : {}
      response.writeHead(200, { ...minute, ...said })
      response.write('x'.repeat(600))
      setTimeout(() => response.end('y'.repeat(401)), 20)
    },
    { policy: { MaxBytes: 1000 } },
  )
  for (const path of ['said', 'unsaid', 'said', 'unsaid'])
    expect((await ask(`${url}/api/${path}`)).body).toHaveLength(1001)
  expect(upstream.seen).toHaveLength(4)
  expect(proxy.outputCacheBytes()).toBe(0)
})

test('GW-54 the first byte waits for nothing, stored or not', async () => {
  for (const maxBytes of [1, 65_536]) {
    let finish = () => {}
    const { url, exchanges } = await startCached(
      (_request, response) => {
        response.writeHead(200, minute).write('first')
        finish = () => response.end(' last')
      },
      { policy: { MaxBytes: maxBytes } },
    )
    const { promise, resolve } = Promise.withResolvers<string>()
    let all = ''
    request(`${url}/api/a`, { agent: false }, (response) => {
      response.on('data', (chunk) => {
        all += chunk
        if (all === 'first') finish()
      })
      response.on('end', () => resolve(all))
    }).end()
    expect(await promise).toBe('first last')
    await until(() => exchanges.length === 1)
  }
})

test('GW-46 the store is bounded: what was not asked for the longest goes first', async () => {
  const { url, proxy, results } = await startCached(sized, { bytes: 5000 })
  for (const path of ['a', 'b', 'c', 'a', 'd']) {
    await ask(`${url}/api/${path}?size=1000`)
    expect(proxy.outputCacheBytes()).toBeLessThanOrEqual(5000)
  }
  for (const path of ['a', 'c', 'd', 'b']) await ask(`${url}/api/${path}?size=1000`)
  expect(results().slice(5)).toEqual(['hit', 'hit', 'hit', 'miss'])
  await ask(`${url}/api/big?size=6000`)
  expect((await ask(`${url}/api/d?size=1000`)).headers.age).toBe('0')
})

test('GW-46 attack: a flood of addresses, variants and users stays within the bound', async () => {
  const { url, proxy } = await startCached(
    (_request, response) => void response.writeHead(200, { ...minute, vary: 'x-any' }).end('x'),
    { bytes: 20_000, policy: { VaryByUser: true } },
  )
  for (let index = 0; index < 150; index++) {
    const headers = { 'x-any': 'y'.repeat(index), authorization: `user ${index % 7}` }
    await ask(`${url}/api/${index % 11}?${index}`, { headers })
    expect(proxy.outputCacheBytes()).toBeLessThanOrEqual(20_000)
  }
})

test('GW-46 a bound of 0 stores nothing', async () => {
  const { url, results } = await startCached(sized, { bytes: 0 })
  for (const _ of [1, 2]) await ask(`${url}/api/a?size=1`)
  expect(results()).toEqual(['miss', 'miss'])
})

test('GW-46 an answer that was cut is neither stored nor given to others as whole', async () => {
  let isCut = true
  const { url, proxy } = await startCached((_request, response) => {
    response.writeHead(200, { ...minute, 'content-length': 10 })
    if (!isCut) return void response.end('0123456789')
    response.write('01234')
    setTimeout(() => response.destroy(), 50)
  })
  const both = [ask(`${url}/api/a`), ask(`${url}/api/a`)]
  expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(proxy.outputCacheBytes()).toBe(0)
  isCut = false
  expect((await ask(`${url}/api/a`)).body).toBe('0123456789')
})

test('GW-27 a slow reader of what is not stored slows the service, not the proxy’s memory', async () => {
  let written = 0
  const { url, upstream } = await startCached((_request, response) => {
    response.writeHead(200, minute)
    const send = () => {
      while (written < 200_000_000) {
        written += 65_536
        if (!response.write(Buffer.alloc(65_536))) return void response.once('drain', send)
      }
    }
    send()
  })
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => {})
  socket.pause()
  socket.write(`GET /api/a HTTP/1.1\r\nHost: ${new URL(url).host}\r\n\r\n`)
  await until(() => upstream.seen.length === 1)
  let before = -1
  await until(async () => {
    const isStill = written === before
    before = written
    await new Promise((resolve) => setTimeout(resolve, 200))
    return isStill
  })
  expect(written).toBeLessThan(50_000_000)
  socket.destroy()
})

test('GW-46 closing does not wait for what is fetched behind', async () => {
  let isHeld = false
  const { url, proxy, upstream, pass } = await startCached(
    (_request, response) => {
      if (!isHeld) response.writeHead(200, minute).end('x')
    },
    { policy: { StaleWhileRevalidate: '00:01:00' } },
  )
  await ask(`${url}/api/a`)
  pass(61)
  isHeld = true
  expect((await ask(`${url}/api/a`)).body).toBe('x')
  await until(() => upstream.seen.length === 2)
  await proxy.close(200)
  closing.pop()
})
