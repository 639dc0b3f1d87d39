import { expect, test } from 'vitest'
import { explainRouting, readProxyConfiguration, routesTaking } from '#src/index.ts'
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

test('GW-71 the routes that take a path and a method come in match order, whatever more they ask for', () => {
  const taking = (path: string, method: string) => routesTaking(router, { path, method }).map(({ id }) => id)
  expect(taking('/a/1', 'GET')).toEqual(['first', 'versioned', 'asked', 'rest'])
  expect(taking('/a/x', 'POST')).toEqual(['versioned', 'asked', 'writing', 'rest'])
  expect(taking('/b', 'GET')).toEqual(['rest'])
})
