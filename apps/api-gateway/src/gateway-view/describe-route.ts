import type { Criterion, RecentSummary, RouteConfiguration } from '@alicerce/reverse-proxy'
import { ownCluster } from './own-routes.ts'
import type { GatewayView, LiveFigures } from './schema.ts'
import { summaryOf, type WorkerFigures } from './worker-figures.ts'

type RouteView = GatewayView['routes'][number]

/** A route with all that it matches by. Transforms are left out: they may hold credentials of services. */
export function describeRoute(route: RouteConfiguration, figures: readonly WorkerFigures[]): RouteView {
  const { id, order, path, hosts, methods, clusterId, authorizationPolicy, cors } = route
  const { timeoutMilliseconds = null, maxRequestBodySize = null } = route
  const corsOrigins = cors === 'disabled' ? [] : cors?.origins === 'any' ? ['*'] : cors && [...cors.origins]
  const furtherAttempts = summaryOf(figures, ({ routes }) => routes[id]?.furtherAttempts)
  return {
    ...{ id, order, path: path.text, hosts: [...hosts], methods: [...methods], clusterId },
    headers: route.headers.map(describeCriterion),
    queryParameters: route.queryParameters.map(describeCriterion),
    isOwn: clusterId === ownCluster,
    authorizationPolicy,
    rateLimiterPolicy: route.rateLimiterPolicy ?? null,
    outputCachePolicy: route.outputCache?.name ?? null,
    corsOrigins: corsOrigins ?? null,
    timeoutMilliseconds,
    // JSON has no infinity: -1, as it is written.
    maxRequestBodySize: maxRequestBodySize === Number.POSITIVE_INFINITY ? -1 : maxRequestBodySize,
    upgrades: [...route.upgrades],
    live: describeRecent(summaryOf(figures, ({ routes }) => routes[id]?.exchanges)),
    furtherAttemptsPerSecond: rounded(furtherAttempts.requestsPerSecond),
  }
}

/**
 * Some gateways stand behind a proxy that proves itself by a secret in a header, and match by it. What such a name is for can only be guessed, so
 * values are shown of names that look harmless.
 */
const secretName =
  /auth|cookie|credential|key|pass|pwd|secret|session|sign|sig$|token|verif|jwt|hmac|code|^x-azure-fdid$/i

const describeCriterion = ({ name, mode, values, isCaseSensitive }: Criterion) => ({
  ...{ name, mode, isCaseSensitive },
  values: secretName.test(name) ? null : [...values],
})

/** Figures for people: three decimals are more than enough. */
export const describeRecent = (summary: RecentSummary): LiveFigures => ({
  requestsPerSecond: rounded(summary.requestsPerSecond),
  failuresPerSecond: rounded(summary.failuresPerSecond),
  p50Milliseconds: summary.p50 === undefined ? null : rounded(summary.p50),
  p95Milliseconds: summary.p95 === undefined ? null : rounded(summary.p95),
})

export const rounded = (value: number) => Math.round(value * 1000) / 1000
