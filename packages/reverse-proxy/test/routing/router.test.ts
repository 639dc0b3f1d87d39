import { expect, test } from 'vitest'
import { readProxyConfiguration } from '#src/index.ts'
import { matchPath } from '#src/routing/match-path.ts'
import { parsePathTemplate } from '#src/routing/path-template.ts'
import { createRouter } from '#src/routing/router.ts'

/** A router of routes by id: their `Match`, and `Order` beside it. */
function routerOf(
  matches: Record<
    string,
    {
      Order?: number
      Path?: string
      Hosts?: string[]
      Methods?: string[]
      Headers?: object[]
      QueryParameters?: object[]
    }
  >,
) {
  const Routes = Object.fromEntries(
    Object.entries(matches).map(([id, { Order = 0, ...Match }]) => [id, { ClusterId: 'c', Order, Match }]),
  )
  const clusters = { c: { Destinations: { d: { Address: 'http://d.test' } } } }
  const { routes } = readProxyConfiguration({ Routes, Clusters: clusters }, { authorizationPolicies: [] })
  const router = createRouter(routes)
  return (
    path: string,
    { method = 'GET', host = 'shop.test', query = '', headers = [] as string[] } = {},
  ) => {
    const result = router.match({ method, host, path, query, rawHeaders: headers })
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

test('GW-03 constraints, optional parameters, defaults and mixed segments', () => {
  const match = routerOf({
    number: { Path: '/a/{id:int:min(5)}' },
    page: { Path: '/pages/{section=news}/{page:int?}' },
    file: { Path: '/files/{name}.{extension:length(2,4)}' },
    code: { Path: '/codes/{code:regex(^[a-z]{{2}}\\d+$)}' },
    guid: { Path: '/g/{id:guid}' },
    tail: { Path: '/t/{**rest:maxlength(3)}' },
    moment: { Path: '/m/{at:datetime}' },
    asset: { Path: '/s/{**path:file}' },
    choice: { Path: '/c/{kind:regex(^(?:a:b|c\\))$):minlength(2)=a:b}' },
  })
  const all = (...paths: string[]) => paths.map((path) => match(path) !== '')
  expect(all('/a/5', '/a/4', '/a/x', '/a/99999999999', '/a')).toEqual([true, false, false, false, false])
  expect(all('/pages', '/pages/sport', '/pages/sport/2', '/pages/sport/x', '/pages/a/2/3')).toEqual([
    ...[true, true, true, false, false],
  ])
  expect(all('/files/a.txt', '/files/a.b.html', '/files/a.toolong', '/files/.txt', '/files/a')).toEqual([
    ...[true, true, false, false, false],
  ])
  expect(all('/codes/ab12', '/codes/AB1', '/codes/abc', '/codes/a1')).toEqual([true, true, false, false])
  const id = '6f9619ff-8b86-d011-b42d-00c04fc964ff'
  expect(all(`/g/${id}`, `/g/{${id}}`, `/g/${id.replaceAll('-', '')}`, `/g/{${'-'.repeat(36)}}`)).toEqual([
    ...[true, true, true, false],
  ])
  expect(all('/g/6f9619ff', `/g/${id.replace('-', '')}`)).toEqual([false, false])
  expect(all('/m/2026-11-26', '/m/2026-11-26T10:00:00Z', '/m/7', '/m/2026-13-01')).toEqual([
    ...[true, true, false, false],
  ])
  expect(all('/s/a/b.css', '/s/a.b/c', '/s/c..')).toEqual([true, false, false])
  expect(all('/c', '/c/a:b', '/c/c)', '/c/c')).toEqual([true, true, true, false])
  expect(all('/t', '/t/a/b', '/t/a/b/c')).toEqual([true, true, false])
})

test('GW-03 GW-04 what is constrained is more specific than what is not', () => {
  const match = routerOf({
    any: { Path: '/a/{id}' },
    number: { Path: '/a/{id:int}' },
    mixed: { Path: '/b/x-{id}' },
    parameter: { Path: '/b/{id}' },
  })
  expect([match('/a/7'), match('/a/b'), match('/b/x-1'), match('/b/y')]).toEqual([
    ...['number', 'any', 'mixed', 'parameter'],
  ])
})

test('GW-03 parameters get what they stand for', () => {
  const values = (template: string, path: string) => {
    const parsed = parsePathTemplate(template)
    return 'reason' in parsed ? parsed.reason : matchPath(parsed, path.split('/').slice(1))
  }
  expect(values('/p/{section=news}/{page?}', '/p')).toEqual({ section: 'news' })
  expect(values('/f/{name}.{extension}', '/f/a.b.html')).toEqual({ name: 'a.b', extension: 'html' })
  expect(values('/{**rest=home}', '/')).toEqual({ rest: 'home' })
  expect(values('/v{version}-{name}', '/V1-2-x')).toEqual({ version: '1-2', name: 'x' })
  for (const path of ['/v-x', '/v1-', '/1-x', '/v1'])
    expect(values('/v{version}-{name}', path)).toBeUndefined()
  expect(values('/{a}-{b}-end', '/x-y-END')).toEqual({ a: 'x', b: 'y' })
})

test('GW-03 GW-06 what a client writes to be slow is answered as fast as anything', () => {
  const match = routerOf({
    mixed: { Path: '/a/{a}-{b}-{c}-{d}x' },
    number: { Path: '/b/{n:double}' },
    quoted: { Path: '/c', Headers: [{ Name: 'X-V', Values: ['v'] }] },
  })
  // Each of these would take minutes where time grows with a power of the length.
  expect(match(`/a/${'-'.repeat(100_000)}`)).toBe('')
  expect(match(`/b/${'1'.repeat(1_000_000)}y`)).toBe('')
  expect(match('/c', { headers: ['x-v', '"\\'.repeat(500_000)] })).toBe('')
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

test('GW-05 a host is written as people read it, and matches what browsers send', () => {
  const match = routerOf({ exact: { Hosts: ['Padaria-São.test'] }, wild: { Hosts: ['*.bücher.test:81'] } })
  expect(match('/', { host: 'xn--padaria-so-n5a.test' })).toBe('exact')
  expect(match('/', { host: 'a.xn--bcher-kva.test:81' })).toBe('wild')
  expect(match('/', { host: 'a.xn--bcher-kva.test' })).toBe('')
  expect(() => routerOf({ r: { Hosts: ['xn--bcher-kva.test'] } })).toThrow('has a name in punycode')
})

/** A route with one header matcher: which of these lines does it take? */
const taken = (matcher: object, lines: readonly (string | undefined)[]) => {
  const match = routerOf({ r: { Path: '/', Headers: [{ Name: 'X-V', ...matcher }] } })
  return lines.filter((line) => match('/', { headers: line === undefined ? [] : ['x-v', line] }) === 'r')
}

test('GW-06 exact and prefix compare the elements of a list, with quotes respected', () => {
  const lines = ['a', 'A', 'b, a', '"a, b"', 'ab', '"\\", a"', undefined]
  expect(taken({ Values: ['a'] }, lines)).toEqual(['a', 'A', 'b, a'])
  expect(taken({ Values: ['a'], IsCaseSensitive: true }, lines)).toEqual(['a', 'b, a'])
  expect(taken({ Values: ['a'], Mode: 'HeaderPrefix' }, lines)).toEqual(['a', 'A', 'b, a', 'ab'])
  expect(taken({ Values: ['"a, b"'] }, lines)).toEqual(['"a, b"'])
})

test('GW-06 contains, not contains, exists and not exists; not contains holds where there is none', () => {
  const lines = ['one two', 'TWO', 'one', undefined]
  expect(taken({ Values: ['two', 'ten'], Mode: 'Contains' }, lines)).toEqual(['one two', 'TWO'])
  expect(taken({ Values: ['two'], Mode: 'NotContains' }, lines)).toEqual(['one', undefined])
  expect(taken({ Mode: 'Exists' }, lines)).toEqual(['one two', 'TWO', 'one'])
  expect(taken({ Mode: 'notexists' }, lines)).toEqual([undefined])
})

test('GW-06 cookies are told apart by semicolons, all matchers must hold, every line counts', () => {
  const match = routerOf({
    r: {
      Path: '/',
      Headers: [
        { Name: 'Cookie', Values: ['beta=1'] },
        { Name: 'X-V', Values: ['2'] },
      ],
    },
  })
  expect(match('/', { headers: ['Cookie', 'a=b; beta=1', 'X-V', '1', 'x-v', '2'] })).toBe('r')
  expect(match('/', { headers: ['Cookie', 'beta=1'] })).toBe('')
  expect(match('/', { headers: ['Cookie', 'alphabeta=1', 'X-V', '2'] })).toBe('')
})

test('GW-07 query parameters: five modes, names without case, values decoded', () => {
  const queries = ['?q=a%20b', '?Q=A+B', '?q=x&q=a%20b', '?q=a%20bc', '?q', '']
  const of = (matcher: object) => {
    const match = routerOf({ r: { Path: '/', QueryParameters: [{ Name: 'Q', ...matcher }] } })
    return queries.filter((query) => match('/', { query }) === 'r')
  }
  expect(of({ Values: ['a b'] })).toEqual(['?q=a%20b', '?Q=A+B', '?q=x&q=a%20b'])
  expect(of({ Values: ['a b'], IsCaseSensitive: true })).toEqual(['?q=a%20b', '?q=x&q=a%20b'])
  expect(of({ Values: ['a b'], Mode: 'Prefix' })).toEqual(queries.slice(0, 4))
  expect(of({ Values: ['c'], Mode: 'Contains' })).toEqual(['?q=a%20bc'])
  expect(of({ Values: ['c'], Mode: 'NotContains' })).toEqual(queries.filter((query) => query !== '?q=a%20bc'))
  expect(of({ Mode: 'Exists' })).toEqual(queries.slice(0, 5))
})

test('GW-04 among equal paths the route that asks for more headers, then for more of the query, is tried first', () => {
  const match = routerOf({
    any: { Path: '/a' },
    query: { Path: '/a', QueryParameters: [{ Name: 'v', Mode: 'Exists' }] },
    header: { Path: '/a', Headers: [{ Name: 'v', Mode: 'Exists' }] },
  })
  expect(match('/a')).toBe('any')
  expect(match('/a', { query: '?v=1' })).toBe('query')
  expect(match('/a', { query: '?v=1', headers: ['v', '1'] })).toBe('header')
})

test('GW-05 a route whose headers do not match says nothing of its methods', () => {
  const match = routerOf({ r: { Path: '/a', Methods: ['PUT'], Headers: [{ Name: 'v', Mode: 'Exists' }] } })
  expect(match('/a')).toBe('')
  expect(match('/a', { headers: ['v', ''] })).toBe('PUT')
})

test.each([
  [{ Path: '/', Headers: [{ Values: ['a'] }] }, 'Headers[0].Name is missing'],
  [{ Path: '/', Headers: [{ Name: 'a' }] }, 'Headers[0].Values are missing or empty'],
  [{ Path: '/', Headers: [{ Name: 'a', Mode: 'Exists', Values: ['b'] }] }, 'mean nothing with Exists'],
  [{ Path: '/', Headers: [{ Name: 'a', Mode: 'Exact', Values: ['b'] }] }, 'one of ExactHeader'],
  [{ Path: '/', QueryParameters: [{ Name: 'a', Mode: 'NotExists' }] }, 'one of Exact, Prefix'],
  [{ Path: '/', QueryParameters: [{ Name: 'a', Vales: ['b'] }] }, 'Did you mean Values?'],
  [{ Hosts: ['a b'] }, 'is no host name'],
  [{ Hosts: ['shop.test/api'] }, 'is no host name'],
  [{ Path: '/{a}/{A}' }, 'has a parameter twice'],
  [{ Path: '/{**a}/b' }, 'goes on after {**…}'],
  [{ Path: '/{a:integer}' }, 'has an unknown constraint (integer)'],
  [{ Path: '/{a:length(x)}' }, 'has an unknown constraint (length(x))'],
  [{ Path: '/{a:regex(()}' }, 'has an unknown constraint'],
  [{ Path: '/{a?}/b' }, 'goes on after what may be missing'],
  [{ Path: '/{a}{b}' }, 'has two parameters side by side'],
  [{ Path: '/{a' }, 'has a segment that is not supported'],
  [{ Path: '/x-{**a}' }, 'has a segment that is not supported'],
  [{ Path: '/a', Methods: ['GET', 'get'] }, 'has one of them twice'],
  [{ Path: '/a', Methods: ['FETCH'] }, 'has unknown ones (FETCH)'],
  [{}, 'has neither Path nor Hosts'],
])('%j is a fault', (match, reason) => {
  expect(() => routerOf({ r: match })).toThrow(reason)
})
