import { afterEach, expect, test } from 'vitest'
import { readProxyConfiguration } from '#src/index.ts'
import { closeAll, startProxy } from '../fixtures.ts'
import { converse, startRecorder } from './sockets.ts'

afterEach(closeAll)

const all = { EncodedSlash: 'Forward', EncodedBackslash: 'Forward', DotSegments: 'Forward' }

/** What of each target reaches the service under a route with these `Paths`; a status where it is refused. */
async function reached(targets: string[], route: object, otherRoutes: object = {}) {
  const upstream = await startRecorder()
  const first = { Transforms: [], Match: { Path: '/files/{**rest}' }, ...route }
  const others = Object.fromEntries(
    Object.entries(otherRoutes).map(([id, other]) => [id, { ClusterId: 'c', ...other }]),
  )
  const { port } = await startProxy(
    upstream.address,
    first,
    {},
    {},
    { Routes: { r: { ClusterId: 'c', ...first }, ...others } },
  )
  const results: (string | number | undefined)[] = []
  for (const target of targets) {
    upstream.clear()
    const { statuses } = await converse(
      port,
      `GET ${target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`,
    )
    results.push(upstream.requests[0]?.target ?? statuses[0])
  }
  return results
}

test('GW-08 a route takes the forms that it opts in to, each by itself, and the service gets the bytes of the client', async () => {
  const targets = [
    '/files/a%2Fb%2fc',
    '/files/a%5cb',
    '/files/a/../b',
    '/files/a/%2E%2e/b',
    '/files/..%2fb',
    '/files/plain',
  ]
  const of = (name: string) => ({ Paths: { [name]: 'Forward' } })
  expect(await reached(targets, {})).toEqual([400, 400, 400, 400, 400, '/files/plain'])
  expect(await reached(targets, of('EncodedSlash'))).toEqual([targets[0], 400, 400, 400, 400, '/files/plain'])
  expect(await reached(targets, of('EncodedBackslash'))).toEqual([
    400,
    targets[1],
    400,
    400,
    400,
    '/files/plain',
  ])
  expect(await reached(targets, of('DotSegments'))).toEqual([
    400,
    400,
    targets[2],
    targets[3],
    400,
    '/files/plain',
  ])
  expect(await reached(targets, { Paths: all })).toEqual(targets)
})

test('GW-08 an encoded slash is a letter of its segment to the matcher', async () => {
  const route = { Match: { Path: '/files/{name}' }, Paths: { EncodedSlash: 'Forward' } }
  expect(await reached(['/files/group%2Fproject', '/files/a/b'], route)).toEqual([
    '/files/group%2Fproject',
    404,
  ])
  const Transforms = [{ PathPattern: '/packages/{name}' }]
  expect(await reached(['/files/@scope%2fname'], { ...route, Transforms })).toEqual([
    '/packages/%40scope%2Fname',
  ])
  const whole = [{ PathPattern: '/packages/{**name}' }]
  expect(await reached(['/files/scope%2fname'], { ...route, Transforms: whole })).toEqual([
    '/packages/scope%2Fname',
  ])
})

test('GW-08 PathPattern hands the rest of a path on as the client wrote it: no encoded slash becomes one that separates', async () => {
  const targets = ['/files/a%2Fb/c%20d', '/files/a/..%2f%2e%2e/b', '/files/plain/']
  const Transforms = [{ PathPattern: '/v2/{**rest}' }]
  expect(await reached(targets, { Paths: all, Transforms })).toEqual([
    '/v2/a%2Fb/c%20d',
    '/v2/a/..%2f%2e%2e/b',
    '/v2/plain',
  ])
})

test.each([
  ['an encoded slash', '/files/admin%2Fsecret'],
  ['an encoded backslash', '/files/admin%5csecret'],
  ['dot segments', '/files/x/../admin/secret'],
  ['encoded dot segments', '/files/x/%2e%2e/admin/secret'],
  ['dot segments behind an encoded slash', '/files/x%2f..%2fadmin%2fsecret'],
  ['dot segments with a parameter', '/files/x/..;/admin/secret'],
  ['dot segments that leave the route', '/files/../other'],
])(
  'GW-08 no route is got around by %s: another reading of the path is another route’s',
  async (_what, target) => {
    const others = {
      admin: { Match: { Path: '/files/admin/{**rest}' } },
      other: { Match: { Path: '/other' } },
    }
    expect(await reached([target], { Paths: all }, others)).toEqual([400])
  },
)

test('GW-08 what no route takes is refused the same', async () => {
  expect(await reached(['/none/a%2Fb', '/none/../files/a', '/none'], { Paths: all })).toEqual([400, 400, 404])
})

test('GW-08 NUL, line ends and broken UTF-8 are refused on every route', async () => {
  const targets = ['/files/%00', '/files/%0d%0a', '/files/%c0%af', '/files/%2', '/files\\a']
  expect(await reached(targets, { Paths: all })).toEqual([400, 400, 400, 400, 400])
})

test('GW-02 a misspelt form of path is a fault', () => {
  const routes = (Paths: object) => ({
    Routes: { r: { ClusterId: 'c', Match: { Path: '/' }, Paths } },
    Clusters: { c: {} },
  })
  const read = (paths: object) => () => readProxyConfiguration(routes(paths), { authorizationPolicies: [] })
  expect(read({ EncodedSlashes: 'Forward' })).toThrow('Did you mean EncodedSlash?')
  expect(read({ DotSegments: 'Allow' })).toThrow('Reject, Forward')
})
