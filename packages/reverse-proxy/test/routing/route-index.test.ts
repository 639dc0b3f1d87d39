import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readProxyConfiguration } from '#src/index.ts'
import { matchPath } from '#src/routing/match-path.ts'
import { candidatesOf, createRouteIndex } from '#src/routing/route-index.ts'
import { createRouter } from '#src/routing/router.ts'

function routesOf(paths: readonly string[]) {
  const Routes = Object.fromEntries(
    paths.map((Path, index) => [`r${index}`, { ClusterId: 'c', Match: { Path } }]),
  )
  return readProxyConfiguration({ Routes, Clusters: { c: {} } }, { authorizationPolicies: [] }).routes
}

const segment = fc.constantFrom('a', 'A', 'b', 'c', '{p}', '{q:int}', 'x-{m}', '{o?}', '{d=1}', '{**rest}')
/** Catch-alls and optional parameters stand at the end only. */
const template = fc.array(segment, { maxLength: 4 }).map((parts) => {
  const end = parts.findIndex((part) => /\?|=|\*\*/.test(part))
  const kept = end === -1 ? parts : parts.slice(0, end + 1)
  return `/${kept.map((part, index) => part.replace(/\{(\**)(\w+)/, `{$1$2${index}`)).join('/')}`
})
const path = fc.array(fc.constantFrom('a', 'B', 'c', '7', 'x-y', 'z'), { maxLength: 5 })

test('GW-04 the index leaves out only routes that cannot match, and keeps their order', () => {
  fc.assert(
    fc.property(fc.array(template, { minLength: 1, maxLength: 30 }), path, (templates, parts) => {
      const { routes } = createRouter(routesOf([...new Set(templates)]))
      const matching = (list: typeof routes) =>
        list.filter((route) => matchPath(route.path, parts)).map(({ id }) => id)
      expect(matching(candidatesOf(createRouteIndex(routes), parts))).toEqual(matching(routes))
    }),
    { numRuns: 500 },
  )
})

test('GW-04 of five thousand routes a request is held against a few', () => {
  const paths = Array.from({ length: 5000 }, (_, index) => `/api/service-${index % 100}/thing-${index}/{id}`)
  const { routes } = createRouter(routesOf([...paths, '/{**rest}']))
  const found = candidatesOf(createRouteIndex(routes), ['api', 'service-7', 'thing-4207', '1'])
  expect(found.map(({ path: { text } }) => text)).toEqual(['/api/service-7/thing-4207/{id}', '/{**rest}'])
})
