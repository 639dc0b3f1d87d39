import { expect, test } from 'vitest'
import { explainRouting, findShadows, readProxyConfiguration } from '#src/index.ts'
import { createRouter } from '#src/routing/router.ts'

const header = { Name: 'X-Version', Values: ['2'] }
const matches = {
  first: { Path: '/a/{id:int}', Hosts: ['other.test'] },
  versioned: { Path: '/a/{id}', Headers: [header] },
  asked: { Path: '/a/{id}', QueryParameters: [{ Name: 'q', Mode: 'Exists' }] },
  writing: { Path: '/a/{id}', Methods: ['POST'] },
  rest: { Path: '/{**rest}' },
}
const Routes = Object.fromEntries(
  Object.entries(matches).map(([id, Match], Order) => [id, { ClusterId: 'c', Order, Match }]),
)
const Clusters = { c: { Destinations: { d: { Address: 'http://d.test' } } } }
const router = createRouter(readProxyConfiguration({ Routes, Clusters }, {}).routes)
const explain = (target: string, { method = 'GET', host = 'shop.test', rawHeaders = [] as string[] } = {}) =>
  explainRouting(router, { method, host, target, rawHeaders })

test('GW-71 the route that takes a request is named, and what each route before it misses', () => {
  expect(explain('/a/1')).toMatchObject({
    result: { route: { id: 'rest' } },
    passedOver: [
      { route: { id: 'first' }, missed: ['host'] },
      { route: { id: 'versioned' }, missed: ['header'] },
      { route: { id: 'asked' }, missed: ['query'] },
      { route: { id: 'writing' }, missed: ['method'] },
    ],
  })
  const versioned = explain('/a/1?q', { rawHeaders: ['X-Version', '2'] })
  expect(versioned).toMatchObject({ result: { route: { id: 'versioned' } }, passedOver: [{}] })
  expect(explain('/a/x', { host: 'OTHER.test' })).toMatchObject({ passedOver: { 0: { missed: ['path'] } } })
})

test('GW-71 an imagined request is held against the edge as a real one is', () => {
  expect(explain('/a/../b')).toMatchObject({ status: 400 })
  expect(explain('/a%2fb')).toMatchObject({ status: 400 })
  expect(explain('/a/1', { host: 'a b' })).toMatchObject({ status: 400 })
  expect(explain('/a/1', { method: 'TRACE' })).toMatchObject({ status: 405 })
  expect(explain('/a/%31', { host: 'other.test' })).toMatchObject({ result: { route: { id: 'first' } } })
})

test('GW-71 a route that is tried before another one and takes its path is found', () => {
  const rest = router.routes.find(({ id }) => id === 'rest') as (typeof router.routes)[number]
  const shadows = (path: string, method: string) =>
    findShadows(router, rest, { path, method }).map(({ id }) => id)
  expect(shadows('/a/1', 'GET')).toEqual(['first', 'versioned', 'asked'])
  expect(shadows('/a/x', 'POST')).toEqual(['versioned', 'asked', 'writing'])
  expect(shadows('/b', 'GET')).toEqual([])
})
