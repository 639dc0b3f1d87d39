import { expect, test } from 'vitest'
import { valuesOf } from '#src/edge/header-names.ts'
import { readProxyConfiguration } from '#src/index.ts'
import { requestHeaders, responseHeaders, responseTrailers } from '#src/transforms/transform-headers.ts'
import { transformPath, transformQuery } from '#src/transforms/transform-target.ts'

const customTransforms = new Map([
  [
    'Tenant',
    ({ Tenant }: Readonly<Record<string, unknown>>) => {
      if (typeof Tenant !== 'string') throw new Error('a text is wanted')
      return { request: (headers: string[]) => [...headers, 'x-tenant', Tenant] }
    },
  ],
])

const transformsOf = (...transforms: object[]) => routeOf('/{**rest}', ...transforms).transforms

function routeOf(Path: string, ...Transforms: object[]) {
  const Routes = { r: { ClusterId: 'c', Match: { Path }, Transforms } }
  const Clusters = { c: { Destinations: { d: { Address: 'http://d.test' } } } }
  const options = { authorizationPolicies: [], customTransforms }
  const [route] = readProxyConfiguration({ Routes, Clusters }, options).routes
  return route as NonNullable<typeof route>
}

const values = { id: '7 8', rest: 'x/y', word: 'é\n' }

test.each([
  ['/api/a%C3%A9', '/a%C3%A9', [{ PathRemovePrefix: '/api' }]],
  ['/API/a', '/a', [{ PathRemovePrefix: '/api' }]],
  ['/%61pi/a', '/a', [{ PathRemovePrefix: '/api' }]],
  ['/apis/a', '/apis/a', [{ PathRemovePrefix: '/api' }]],
  ['/api', '/', [{ PathRemovePrefix: 'api' }]],
  ['/a', '/v1/a', [{ PathPrefix: '/v1/' }]],
  ['/a', '/fixed', [{ PathSet: '/fixed' }]],
  ['/api/a', '/v1/a', [{ PathRemovePrefix: '/api' }, { PathPrefix: '/v1' }]],
  ['/x/y', '/items/7%208/x/y', [{ PathPattern: '/items/{id}/{**rest}' }]],
  ['/a', '/Items/No-7%208', [{ PathPattern: '/Items/No-{id}/{none?}' }]],
])('GW-13 the path %s becomes %s by %j', (from, to, transforms) => {
  const { transforms: read, path } = routeOf('/{**rest}', ...transforms)
  expect(transformPath(from, read.path, values, path)).toBe(to)
})

test.each([
  ['a%2Fb/c', '/x/a%2Fb/c', '/x/{**rest}'],
  ['a%2fb/', '/x/a%2fb', '/x/{**rest}'],
  ['a%252Fb', '/x/a%252Fb', '/x/{**rest}'],
  ['é', '/x/é', '/x/{**rest}'],
])(
  'GW-08 what a catch-all takes stays as the client wrote it: %s becomes %s by %s',
  (rest, to, PathPattern) => {
    const { transforms, path } = routeOf('/api/{**rest}', { PathPattern })
    expect(transformPath(`/api/${rest}`, transforms.path, { rest: decodeURIComponent(rest) }, path)).toBe(to)
  },
)

test.each([
  ['', '?a=1', [{ QueryValueParameter: 'a', Set: '1' }]],
  ['?A=0&b=%2F&a', '?b=%2F&a=1', [{ QueryValueParameter: 'a', Set: '1' }]],
  ['?a=0', '?a=0&a=1%202', [{ QueryValueParameter: 'a', Append: '1 2' }]],
  ['?a=0', '?a=0&id=7%208', [{ QueryRouteParameter: 'id', Append: 'id' }]],
  ['?a=0', '?a=0', [{ QueryRouteParameter: 'a', Set: 'absent' }]],
  ['?%61+b=0&c=%ff', '?c=%ff', [{ QueryRemoveParameter: 'a b' }]],
  ['?%61=0', '', [{ QueryRemoveParameter: 'a' }]],
  ['?a=%E9&&b', '?a=%E9&&b', [{ PathSet: '/x' }]],
])('GW-12 the query %s becomes %s by %j', (from, to, transforms) => {
  expect(transformQuery(from, transformsOf(...transforms).query, values)).toBe(to)
})

function requestBy(rawHeaders: string[], ...transforms: object[]) {
  const socket = {
    localAddress: '::1',
    localPort: 8080,
    getPeerX509Certificate: () => ({ raw: Buffer.from('der') }),
  }
  const list = requestHeaders({
    ...{ rawHeaders, nominated: new Set<string>(), transforms: transformsOf(...transforms), host: 'd.test' },
    client: { address: '10.0.0.1', port: 5000, host: 'shop.test', proto: 'http', socket: socket as never },
    ...{ own: ['traceparent', 'ours'], values },
  })
  return (name: string) => valuesOf(list, name)
}

test('GW-12 request headers are set, appended and removed; what the proxy adds itself cannot be replaced', () => {
  const found = requestBy(
    ['X-A', '1', 'X-B', '1', 'X-C', '1', 'X-D', '1', 'X-E', '1', 'Traceparent', 'theirs'],
    { RequestHeader: 'X-A', Set: '2' },
    { RequestHeader: 'X-B', Append: '2' },
    { RequestHeaderRemove: 'X-C' },
    { RequestHeader: 'X-D', Set: '' },
    { RequestHeader: 'X-E', Remove: true },
    { RequestHeader: 'traceparent', Set: 'theirs' },
  )
  expect([found('x-a'), found('x-b'), found('x-c'), found('x-d'), found('x-e')]).toEqual([
    ['2'],
    ['1', '2'],
    [],
    [],
    [],
  ])
  expect([found('traceparent'), found('host')]).toEqual([['ours'], ['d.test']])
})

test('GW-12 a header takes the value of a route’s parameter, which can break no line', () => {
  const found = requestBy(
    ['X-C', '1'],
    { RequestHeaderRouteValue: 'X-A', Set: 'id' },
    { RequestHeaderRouteValue: 'X-B', Append: 'word' },
    { RequestHeaderRouteValue: 'X-C', Set: 'absent' },
  )
  expect([found('x-a'), found('x-b'), found('x-c')]).toEqual([['7 8'], ['%C3%A9%0A'], ['1']])
})

test('GW-14 of the client’s headers pass those that are listed, or none', () => {
  const client = ['X-A', '1', 'X-B', '1', 'Accept', '*/*']
  const allowed = requestBy(
    client,
    { RequestHeadersAllowed: 'X-A;Accept' },
    { RequestHeader: 'X-C', Set: '1' },
  )
  expect(['x-a', 'x-b', 'accept', 'x-c', 'host'].map((name) => allowed(name).length)).toEqual([1, 0, 1, 1, 1])
  const none = requestBy(client, { RequestHeadersCopy: 'false' }, { RequestHeader: 'X-B', Append: '2' })
  expect(['x-a', 'x-b', 'accept', 'host'].map((name) => none(name))).toEqual([[], ['2'], [], ['d.test']])
})

test('GW-12 a transform of the app’s own is made from its entry', () => {
  expect(requestBy([], { Tenant: 'red' })('x-tenant')).toEqual(['red'])
  expect(() => transformsOf({ Tenant: 1 })).toThrow('Tenant is not right: a text is wanted')
})

test('GW-15 GW-16 X-Forwarded is set unless a transform says otherwise, and the original Host goes on request', () => {
  const client = ['X-Forwarded-For', '6.6.6.6', 'X-Mine-For', '6.6.6.6']
  expect(requestBy(client)('x-forwarded-for')).toEqual(['10.0.0.1'])
  expect(requestBy(client, { 'X-Forwarded': 'Append' })('x-forwarded-for')).toEqual(['6.6.6.6, 10.0.0.1'])
  expect(requestBy(client, { 'X-Forwarded': 'Remove' })('x-forwarded-for')).toEqual([])
  expect(requestBy(client, { 'X-Forwarded': 'Set', Proto: 'Remove' })('x-forwarded-proto')).toEqual([])
  const ofOurOwn = requestBy(client, { 'X-Forwarded': 'Set', HeaderPrefix: 'X-Mine-' })
  expect([ofOurOwn('x-mine-for'), ofOurOwn('x-forwarded-for')]).toEqual([['10.0.0.1'], []])
  expect(requestBy([], { RequestHeaderOriginalHost: 'true' })('host')).toEqual(['shop.test'])
})

test.each([
  [
    { Forwarded: 'for,by,host,proto', ForFormat: 'Ip', ByFormat: 'Ip' },
    /^for=10\.0\.0\.1;by="\[::1\]";host=shop\.test;proto=http$/,
  ],
  [{ Forwarded: 'for', ForFormat: 'IpAndPort' }, /^for="10\.0\.0\.1:5000"$/],
  [{ Forwarded: 'for', ForFormat: 'IpAndRandomPort' }, /^for="10\.0\.0\.1:_[0-9a-f]{12}"$/],
  [{ Forwarded: 'by', ByFormat: 'IpAndPort' }, /^by="\[::1\]:8080"$/],
  [{ Forwarded: 'for', ForFormat: 'Unknown' }, /^for=unknown$/],
  [{ Forwarded: 'for', ForFormat: 'UnknownAndPort' }, /^for="unknown:5000"$/],
  [{ Forwarded: 'for', ForFormat: 'UnknownAndRandomPort' }, /^for="unknown:_[0-9a-f]{12}"$/],
  [{ Forwarded: 'for' }, /^for=_[0-9a-f]{12}$/],
  [{ Forwarded: 'for', ForFormat: 'RandomAndPort' }, /^for="_[0-9a-f]{12}:5000"$/],
  [{ Forwarded: 'for', ForFormat: 'RandomAndRandomPort' }, /^for="_[0-9a-f]{12}:_[0-9a-f]{12}"$/],
  [{ Forwarded: 'proto', Action: 'Append' }, /^for=6\.6\.6\.6, proto=http$/],
])('GW-16 %j says who asked, and then no X-Forwarded does', (transform, form) => {
  const found = requestBy(['Forwarded', 'for=6.6.6.6', 'X-Forwarded-For', '6.6.6.6'], transform)
  expect(found('forwarded')).toEqual([expect.stringMatching(form)])
  expect(found('x-forwarded-for')).toEqual([])
})

test('GW-18 the client’s certificate stands in the header, and never the client’s word', () => {
  const client = ['X-Certificate', 'forged']
  expect(requestBy(client, { ClientCert: 'X-Certificate' })('x-certificate')).toEqual(['ZGVy'])
})

test('GW-14 response headers change on success, on failure or always', () => {
  const transforms = transformsOf(
    { ResponseHeader: 'X-A', Set: '1' },
    { ResponseHeader: 'X-B', Append: '1', When: 'Always' },
    { ResponseHeaderRemove: 'Server', When: 'Failure' },
  )
  const headersOf = (status: number) =>
    responseHeaders(['Server', 's', 'X-B', '0'], status, transforms, values)
  expect(headersOf(200)).toEqual(['server', 's', 'x-b', '0', 'x-a', '1', 'x-b', '1'])
  expect(headersOf(500)).toEqual(['x-b', '0', 'x-b', '1'])
})

test('GW-14 several Set-Cookie stay several, and only allowed headers pass', () => {
  const raw = ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X-A', '1']
  const all = transformsOf({ ResponseHeader: 'Set-Cookie', Append: 'c=3' })
  expect(valuesOf(responseHeaders(raw, 200, all, values), 'set-cookie')).toEqual(['a=1', 'b=2', 'c=3'])
  const some = transformsOf({ ResponseHeadersAllowed: 'x-a' })
  expect(responseHeaders(raw, 200, some, values)).toEqual(['x-a', '1'])
  expect(responseHeaders(raw, 200, transformsOf({ ResponseHeadersCopy: false }), values)).toEqual([])
})

test('GW-14 GW-56 trailers change as headers do, and none can frame or authenticate', () => {
  const raw = ['Grpc-Status', '0', 'X-Sum', '1', 'Content-Length', '9', 'Set-Cookie', 'a=1']
  const transforms = transformsOf(
    { ResponseTrailer: 'X-T', Append: 'v', When: 'Always' },
    { ResponseTrailerRemove: 'X-Sum' },
  )
  expect(responseTrailers(raw, 200, transforms, values)).toEqual(['grpc-status', '0', 'x-t', 'v'])
  expect(responseTrailers(raw, 200, transformsOf({ ResponseTrailersAllowed: 'X-Sum' }), values)).toEqual([
    'x-sum',
    '1',
  ])
  expect(responseTrailers(raw, 200, transformsOf({ ResponseTrailersCopy: 'False' }), values)).toEqual([])
})

test.each([
  [{ PathPrefix: '/a?b' }, 'is not a path'],
  [{ PathSet: '/100%' }, 'is not a path'],
  [{ PathSet: '/a', PathPrefix: '/b' }, 'is not known here'],
  [{ RequestHeader: 'X A', Set: '1' }, 'is not the name of a header'],
  [{ RequestHeader: 'X-A', Set: 'a\r\nb' }, 'has a line break'],
  [{ RequestHeader: 'X-A', Set: '1', When: 'Always' }, 'is not known here'],
  [{ ResponseHeader: 'X-A' }, 'has neither Set nor Append'],
  [{ ResponseHeader: 'X-A', Set: '1', When: 'Sometimes' }, 'has a value that it cannot have'],
  [{ RequestHeadersAllowed: 'a b' }, 'has names of no header'],
  [{ 'X-Forwarded': 'Sometimes' }, 'has a value that it cannot have'],
  [{ Forwarded: 'for,for' }, 'has parts that it cannot have'],
  [{ HttpMethodChange: 'PUT' }, 'Set is missing'],
  [{ HttpMethodChange: 'P T', Set: 'POST' }, 'is no method'],
  [{ QueryValueParameter: 'a' }, 'has neither Set nor Append'],
  [{ PathPattern: '/{a' }, 'Transforms[0].PathPattern'],
  [{ Nothing: '1' }, 'is no transform that is known'],
])('GW-02 %j is a fault', (transform, reason) => {
  expect(() => transformsOf(transform)).toThrow(reason)
})
