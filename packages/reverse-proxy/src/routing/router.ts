import type { RouteConfiguration } from '#src/configuration/proxy-configuration.ts'
import { matchHeaders, matchQuery } from './criteria.ts'
import { matchPath, type RouteValues } from './match-path.ts'
import { candidatesOf, createRouteIndex } from './route-index.ts'

/** Which route takes a request. `allow` names the methods of the routes that would take its path. */
export type RoutingResult =
  | { readonly route: RouteConfiguration; readonly values: RouteValues }
  | { readonly route: undefined; readonly allow: readonly string[] }

/** What a request is matched by. */
export type Routable = {
  method: string
  host: string
  path: string
  /** Its segments, where they are others than those between its `/`: what is encoded may separate none. */
  segments?: readonly string[]
  /** From the `?` on, or empty. */
  query: string
  /** Names and values in turn. */
  rawHeaders: readonly string[]
}

/** Chooses among routes. */
export type Router = {
  /** In match order. */
  readonly routes: readonly RouteConfiguration[]
  match(request: Routable): RoutingResult
}

/** Sorts routes as YARP does: `Order`, then the more specific path, then the one that names hosts, methods, headers, query parameters. */
export function createRouter(routes: readonly RouteConfiguration[]): Router {
  const sorted = routes.toSorted((one, other) => compareRank(one, other) || one.id.localeCompare(other.id))
  const index = createRouteIndex(sorted)
  return {
    routes: sorted,
    match({ method, host, path, segments, query, rawHeaders }) {
      const parts = withoutLastSlash(segments ?? path.slice(1).split('/'))
      let allow: Set<string> | undefined
      for (const route of candidatesOf(index, parts)) {
        if (!matchHost(route.hosts, host)) continue
        const values = matchPath(route.path, parts)
        if (!values) continue
        if (!matchHeaders(route.headers, rawHeaders) || !matchQuery(route.queryParameters, query)) continue
        if (route.methods.length === 0 || route.methods.includes(method)) return { route, values }
        allow ??= new Set()
        for (const allowed of route.methods) allow.add(allowed)
      }
      return { route: undefined, allow: allow ? [...allow] : [] }
    },
  }
}

/** Below zero where the first route is tried first, zero where nothing but their names parts the two. */
export function compareRank(one: RouteConfiguration, other: RouteConfiguration): number {
  return (
    one.order - other.order ||
    comparePrecedence(one.path.precedence, other.path.precedence) ||
    Math.min(other.hosts.length, 1) - Math.min(one.hosts.length, 1) ||
    Math.min(other.methods.length, 1) - Math.min(one.methods.length, 1) ||
    other.headers.length - one.headers.length ||
    other.queryParameters.length - one.queryParameters.length
  )
}

/** A template that ends is more specific than one that goes on with a catch-all. */
function comparePrecedence(one: string, other: string): number {
  return `${one}0`.localeCompare(`${other}0`)
}

/** One `/` at the end does not count. */
export function withoutLastSlash(parts: readonly string[]): readonly string[] {
  return parts.at(-1) === '' ? parts.slice(0, -1) : parts
}

/** Whether one of the hosts is that of a request; none of them stands for any. */
export function matchHost(hosts: readonly string[], host: string): boolean {
  if (hosts.length === 0) return true
  const name = host.replace(/:\d+$/, '')
  return hosts.some((wanted) => {
    const actual = /:\d+$/.test(wanted) ? host : name
    return wanted.startsWith('*.') ? actual.endsWith(wanted.slice(1)) : actual === wanted
  })
}
