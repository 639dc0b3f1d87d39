import { expect, test } from 'vitest'
import { readProxyConfiguration } from '#src/index.ts'

function warningsOf(one: object, other: object, orders: number[] = []): readonly string[] {
  const route = (Match: object, Order = 0) => ({ ClusterId: 'c', Order, Match })
  return readProxyConfiguration(
    {
      Routes: { b: route(other, orders[1]), a: route(one, orders[0]) },
      Clusters: { c: { Destinations: { d: { Address: 'http://d.test' } } } },
    },
    {},
  ).warnings
}

const header = (Mode: string, ...Values: string[]) => ({ Name: 'X-A', Mode, Values })

test.each([
  [{ Path: '/a' }, { Path: '/A/' }, 'GET /A'],
  [{ Path: '/{x}' }, { Path: '/{y}' }, 'GET /x'],
  [{ Path: '/{x:int}/b' }, { Path: '/{y:long}/b' }, 'GET /1/b'],
  [{ Path: '/{x:guid}' }, { Path: '/{y:length(36)}' }, '7b1f8c0e'],
  [{ Path: '/{name}.{extension}' }, { Path: '/{id:int}' }, undefined],
  [{ Path: '/{name}.json' }, { Path: '/{name}.{extension}' }, 'GET /x.json'],
  [{ Path: '/v{version}' }, { Path: '/v{major}' }, 'GET /vx'],
  [{ Path: '/{x:int}' }, { Path: '/{y:alpha}' }, undefined],
  [{ Path: '/a/{**rest}' }, { Path: '/a/{**others}' }, 'GET /a/x'],
  [{ Path: '/a/{**rest}' }, { Path: '/b/{**rest}' }, undefined],
  [{ Path: '/a' }, { Path: '/{x}' }, undefined],
  [{ Path: '/a', Methods: ['GET', 'PUT'] }, { Path: '/a', Methods: ['PUT', 'POST'] }, 'PUT /a'],
  [{ Path: '/a', Methods: ['GET'] }, { Path: '/a', Methods: ['POST'] }, undefined],
  [{ Path: '/a', Methods: ['GET'] }, { Path: '/a' }, undefined],
  [{ Hosts: ['*.a.test', 'b.test'] }, { Hosts: ['www.a.test'] }, 'GET www.a.test/'],
  [{ Hosts: ['*.a.test'] }, { Hosts: ['*.b.a.test'] }, 'GET x.b.a.test/'],
  [{ Hosts: ['a.test:81'] }, { Hosts: ['a.test:82'] }, undefined],
  [{ Hosts: ['a.test:81'] }, { Hosts: ['a.test'] }, 'GET a.test:81/'],
])('GW-04 %j and %j', (one, other, request) => {
  const warnings = warningsOf(one, other)
  if (request === undefined) expect(warnings).toEqual([])
  else expect(warnings).toEqual([expect.stringMatching(/^Routes\.a and Routes\.b both match .* Order\.$/)])
  expect(warnings.join()).toContain(request ?? '')
})

test.each([
  [header('ExactHeader', '1'), header('ExactHeader', '2'), false],
  [header('ExactHeader', '1', '2'), header('ExactHeader', '2', '3'), true],
  [header('ExactHeader', 'abc'), header('HeaderPrefix', 'AB'), true],
  [header('HeaderPrefix', 'ab'), header('Contains', 'c'), true],
  [header('HeaderPrefix', 'ab'), header('HeaderPrefix', 'cd'), false],
  [header('Exists'), header('NotExists'), false],
  [header('Exists'), header('NotContains', 'x'), true],
  [header('NotExists'), header('NotContains', 'x'), true],
  [header('Contains', 'x'), header('NotContains', 'x'), false],
  [header('Exists'), { ...header('Exists'), Name: 'X-B' }, true],
])('GW-04 %j and %j', (one, other, isAmbiguous) => {
  const warnings = warningsOf({ Path: '/', Headers: [one] }, { Path: '/', Headers: [other] })
  expect(warnings).toHaveLength(isAmbiguous ? 1 : 0)
})

test('GW-04 query parameters part routes too, and so does Order', () => {
  const match = (...Values: string[]) => ({ Path: '/', QueryParameters: [{ Name: 'v', Values }] })
  expect(warningsOf(match('1'), match('2'))).toEqual([])
  expect(warningsOf(match('1 &2'), match('1 &2'))).toHaveLength(1)
  expect(warningsOf({ Path: '/' }, { Path: '/' }, [1, 2])).toEqual([])
})

test('GW-04 thousands of routes are compared at once', () => {
  const paths = Array.from({ length: 5000 }, (_, index) => [`r${index}`, `/api/${index}/{id}`] as const)
  const Routes = Object.fromEntries(paths.map(([id, Path]) => [id, { ClusterId: 'c', Match: { Path } }]))
  const Clusters = { c: { Destinations: { d: { Address: 'http://d.test' } } } }
  expect(readProxyConfiguration({ Routes, Clusters }, {}).warnings).toEqual([])
})
