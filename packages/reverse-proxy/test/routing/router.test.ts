import { expect, test } from 'vitest'
import { readProxyConfiguration } from '#src/index.ts'
import { createRouter } from '#src/routing/router.ts'

/** A router of routes by id: their `Match`, and `Order` beside it. */
function routerOf(
  matches: Record<string, { Order?: number; Path?: string; Hosts?: string[]; Methods?: string[] }>,
) {
  const Routes = Object.fromEntries(
    Object.entries(matches).map(([id, { Order = 0, ...Match }]) => [id, { ClusterId: 'c', Order, Match }]),
  )
  const clusters = { c: { Destinations: { d: { Address: 'http://d.test' } } } }
  const { routes } = readProxyConfiguration({ Routes, Clusters: clusters }, { authorizationPolicies: [] })
  const router = createRouter(routes)
  return (path: string, { method = 'GET', host = 'shop.test' } = {}) => {
    const result = router.match({ method, host, path })
    return result.route ? result.route.id : result.allow.join()
  }
}

test('GW-04 the lower Order wins, then the more specific path, then hosts, then methods', () => {
  const match = routerOf({
    rest: { Path: '/a/{**rest}' },
    parameter: { Path: '/a/{id}' },
    literal: { Path: '/a/me' },
    method: { Path: '/a/{id}', Methods: ['PUT'] },
    host: { Path: '/a/{id}', Hosts: ['other.test'] },
    first: { Path: '/a/b/{**rest}', Order: -1 },
    exact: { Path: '/a/b/c' },
    last: { Order: 9, Path: '/{**all}' },
  })
  expect(match('/a/me')).toBe('literal')
  expect(match('/a/7')).toBe('parameter')
  expect(match('/a/7', { method: 'PUT' })).toBe('method')
  expect(match('/a/7', { method: 'PUT', host: 'other.test' })).toBe('host')
  expect(match('/a/7/8')).toBe('rest')
  expect(match('/a')).toBe('rest')
  expect(match('/a/b/c')).toBe('first')
  expect(match('/z')).toBe('last')
})

test('literals match without regard to case, one slash at the end does not count, an empty parameter is none', () => {
  const match = routerOf({ me: { Path: '/Users/{id}' } })
  expect([
    match('/users/1'),
    match('/USERS/1/'),
    match('/users/'),
    match('/users//'),
    match('/users/1/2'),
  ]).toEqual(['me', 'me', '', '', ''])
})

test('GW-05 hosts are exact or *.suffix, with a port where one is given', () => {
  const match = routerOf({
    exact: { Hosts: ['Shop.test'] },
    wild: { Hosts: ['*.shop.test'] },
    port: { Hosts: ['p.test:81'] },
  })
  const on = (host: string) => match('/', { host })
  expect([on('shop.test'), on('shop.test:8080'), on('a.shop.test'), on('a.b.shop.test')]).toEqual([
    'exact',
    'exact',
    'wild',
    'wild',
  ])
  expect([on('evilshop.test'), on('.test'), on('p.test'), on('p.test:81')]).toEqual(['', '', '', 'port'])
})

test('GW-05 the methods that the path would take are told', () => {
  const match = routerOf({ read: { Path: '/a', Methods: ['get'] }, write: { Path: '/a', Methods: ['PUT'] } })
  expect(match('/a', { method: 'DELETE' })).toBe('GET,PUT')
})

test.each([
  [{ Path: '/{a}/{A}' }, 'has a parameter twice'],
  [{ Path: '/{**a}/b' }, 'goes on after {**…}'],
  [{ Path: '/a', Methods: ['GET', 'get'] }, 'has one of them twice'],
  [{ Path: '/a', Methods: ['FETCH'] }, 'has unknown ones (FETCH)'],
  [{}, 'has neither Path nor Hosts'],
])('%j is a fault', (match, reason) => {
  expect(() => routerOf({ r: match })).toThrow(reason)
})
