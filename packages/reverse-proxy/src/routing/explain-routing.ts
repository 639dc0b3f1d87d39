import type { IncomingMessage } from 'node:http'
import type { RouteConfiguration } from '#src/configuration/proxy-configuration.ts'
import { longestTarget } from '#src/configuration/read-limits.ts'
import type { EdgeRefusal } from '#src/edge/edge-refusal.ts'
import { inspectRequest } from '#src/edge/inspect-request.ts'
import { matchHeaders, matchQuery } from './criteria.ts'
import { matchPath } from './match-path.ts'
import { matchHost, type Router, type RoutingResult, withoutLastSlash } from './router.ts'
import { matchTarget } from './take-odd-path.ts'

/** A request that somebody thinks of. */
export type ImaginedRequest = {
  readonly method: string
  readonly host: string
  /** Path and query, as they would be sent. */
  readonly target: string
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[]
}

/** What a route can miss in a request. */
export type Missed = 'host' | 'path' | 'header' | 'query' | 'method'

/** Which route takes a request, and what the routes that are tried before it miss. */
export type RoutingExplanation = {
  /** Decoded, as routes see it. */
  readonly path: string
  readonly result: RoutingResult
  /** In match order. All of them where no route takes it. */
  readonly passedOver: readonly { readonly route: RouteConfiguration; readonly missed: readonly Missed[] }[]
}

/** Says which route takes a request and why, by what decides on real ones: the edge first, then the router. */
export function explainRouting(router: Router, imagined: ImaginedRequest): RoutingExplanation | EdgeRefusal {
  const { method, host, target, rawHeaders } = imagined
  const ofNobody = { httpVersion: '1.1', headers: {}, socket: {} }
  const asked = { ...ofNobody, method, url: target, rawHeaders: ['Host', host, ...rawHeaders] }
  const inspected = inspectRequest(asked as unknown as IncomingMessage, longestTarget)
  if (inspected === '*') return { status: 400, reason: 'The gateway itself is asked for its options' }
  if ('status' in inspected) return inspected
  const { path, query, odd } = inspected.target
  const request = { method, host: inspected.host, query, rawHeaders: asked.rawHeaders }
  const result = matchTarget(router, inspected.target, request)
  if (result === 'refused') return { status: 400, reason: 'The path is not in its plain form' }
  const winner = result.route ? router.routes.indexOf(result.route) : router.routes.length
  const parts = withoutLastSlash(odd?.segments ?? segmentsOf(path))
  const passedOver = router.routes.slice(0, winner).map((route) => {
    const holds: Record<Missed, boolean> = {
      host: matchHost(route.hosts, request.host),
      path: matchPath(route.path, parts) !== undefined,
      header: matchHeaders(route.headers, request.rawHeaders),
      query: matchQuery(route.queryParameters, query),
      method: takesMethod(route, method),
    }
    return { route, missed: (Object.keys(holds) as Missed[]).filter((each) => !holds[each]) }
  })
  return { path, result, passedOver }
}

/** The routes that take a path and a method, in match order: all such requests, or, where they ask for more, some of them. */
export function routesTaking(
  { routes }: Router,
  { path, method }: { path: string; method: string },
): readonly RouteConfiguration[] {
  const parts = withoutLastSlash(segmentsOf(path))
  return routes.filter((route) => takesMethod(route, method) && matchPath(route.path, parts) !== undefined)
}

const segmentsOf = (path: string) => path.slice(1).split('/')

const takesMethod = ({ methods }: RouteConfiguration, method: string) =>
  methods.length === 0 || methods.includes(method)
