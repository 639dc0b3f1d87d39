import { expect, test } from 'vitest'
import { readProxyConfiguration } from '#src/index.ts'
import { requestHeaders, responseHeaders, valuesOf } from '#src/transforms/transform-headers.ts'
import { transformPath } from '#src/transforms/transform-path.ts'

function transformsOf(...Transforms: object[]) {
  const Routes = { r: { ClusterId: 'c', Match: { Path: '/{**rest}' }, Transforms } }
  const Clusters = { c: { Destinations: { d: { Address: 'http://d.test' } } } }
  const [route] = readProxyConfiguration({ Routes, Clusters }, { authorizationPolicies: [] }).routes
  return route?.transforms ?? []
}

test.each([
  ['/api/a%C3%A9', '/a%C3%A9', [{ PathRemovePrefix: '/api' }]],
  ['/API/a', '/a', [{ PathRemovePrefix: '/api' }]],
  ['/%61pi/a', '/a', [{ PathRemovePrefix: '/api' }]],
  ['/apis/a', '/apis/a', [{ PathRemovePrefix: '/api' }]],
  ['/api', '/', [{ PathRemovePrefix: '/api' }]],
  ['/a', '/v1/a', [{ PathPrefix: '/v1/' }]],
  ['/a', '/fixed', [{ PathSet: '/fixed' }]],
  ['/api/a', '/v1/a', [{ PathRemovePrefix: '/api' }, { PathPrefix: '/v1' }]],
  ['/a', '/items/7%208/x/y', [{ PathPattern: '/items/{id}/{**rest}' }]],
  ['/a', '/Items/No-7%208', [{ PathPattern: '/Items/No-{id}/{none?}' }]],
])('the path %s becomes %s by %j', (from, to, transforms) => {
  expect(transformPath(from, transformsOf(...transforms), { id: '7 8', rest: 'x/y' })).toBe(to)
})

function requestBy(rawHeaders: string[], ...transforms: object[]) {
  const list = requestHeaders({
    ...{ rawHeaders, nominated: new Set<string>(), transforms: transformsOf(...transforms), host: 'd.test' },
    ...{
      client: { address: '10.0.0.1', host: 'shop.test', proto: 'http' as const },
      own: ['traceparent', 'ours'],
    },
  })
  return (name: string) => valuesOf(list, name)
}

test('request headers are set, appended and removed; what the proxy adds itself cannot be replaced', () => {
  const values = requestBy(
    ['X-A', '1', 'X-B', '1', 'X-C', '1', 'Traceparent', 'theirs'],
    { RequestHeader: 'X-A', Set: '2' },
    { RequestHeader: 'X-B', Append: '2' },
    { RequestHeaderRemove: 'X-C' },
    { RequestHeader: 'traceparent', Set: 'theirs' },
  )
  expect([values('x-a'), values('x-b'), values('x-c')]).toEqual([['2'], ['1', '2'], []])
  expect([values('traceparent'), values('host')]).toEqual([['ours'], ['d.test']])
})

test('X-Forwarded is set unless a transform says otherwise, and the original Host goes on request', () => {
  const client = ['X-Forwarded-For', '6.6.6.6']
  expect(requestBy(client)('x-forwarded-for')).toEqual(['10.0.0.1'])
  expect(requestBy(client, { 'X-Forwarded': 'Append' })('x-forwarded-for')).toEqual(['6.6.6.6, 10.0.0.1'])
  expect(requestBy(client, { 'X-Forwarded': 'Remove' })('x-forwarded-for')).toEqual([])
  expect(requestBy(client, { 'X-Forwarded': 'Set', Proto: 'Remove' })('x-forwarded-proto')).toEqual([])
  expect(requestBy([], { RequestHeaderOriginalHost: 'true' })('host')).toEqual(['shop.test'])
})

test('response headers change on success, on failure or always', () => {
  const transforms = transformsOf(
    { ResponseHeader: 'X-A', Set: '1' },
    { ResponseHeader: 'X-B', Append: '1', When: 'Always' },
    { ResponseHeaderRemove: 'Server', When: 'Failure' },
  )
  const headersOf = (status: number) => responseHeaders(['Server', 's', 'X-B', '0'], status, transforms)
  expect(headersOf(200)).toEqual(['server', 's', 'x-b', '0', 'x-a', '1', 'x-b', '1'])
  expect(headersOf(500)).toEqual(['x-b', '0', 'x-b', '1'])
})

test.each([
  [{ PathRemovePrefix: 'api' }, 'does not begin with /'],
  [{ RequestHeader: 'X A', Set: '1' }, 'is not the name of a header'],
  [{ RequestHeader: 'X-A', Set: 'a\r\nb' }, 'has a line break'],
  [{ ResponseHeader: 'X-A' }, 'has neither Set nor Append'],
  [{ 'X-Forwarded': 'Sometimes' }, 'has a value that it cannot have'],
])('%j is a fault', (transform, reason) => {
  expect(() => transformsOf(transform)).toThrow(reason)
})
