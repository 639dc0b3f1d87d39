import { readPreflight } from './cors/cors.ts'
import { readClient } from './edge/client.ts'
import { inspectRequest } from './edge/inspect-request.ts'
import type { Exchange, Refusal } from './exchange.ts'
import {
  bodyTooLarge,
  bodyWithoutMeaning,
  edgeRefusal,
  gatewayOptions,
  methodNotAllowed,
  noRoute,
  oddPath,
  preflightAnswer,
} from './refusals.ts'
import { matchTarget } from './routing/take-odd-path.ts'
import type { Snapshot } from './snapshot.ts'

/** To a body of theirs HTTP gives no meaning (RFC 9110 §9.3). */
const withoutMeaning: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'DELETE'])

/** Edge and routing: gives an answer of the gateway's own, or leaves the exchange with its route. */
export function routeExchange(
  exchange: Exchange,
  { router, configuration: { trustedProxies, limits } }: Snapshot,
): Refusal | undefined {
  const inspected = inspectRequest(exchange.request, limits.target)
  if (inspected === '*') return gatewayOptions
  if ('status' in inspected) return edgeRefusal(inspected)
  exchange.inspected = inspected
  exchange.client = readClient(exchange.request, inspected.host, trustedProxies)
  const { method = '', rawHeaders } = exchange.request
  const routable = { method, host: inspected.host, query: inspected.target.query, rawHeaders }
  const preflight = readPreflight(method, rawHeaders)
  const asked = preflight && matchTarget(router, inspected.target, { ...routable, method: preflight.method })
  if (asked && asked !== 'refused' && asked.route?.cors) {
    exchange.route = asked.route
    exchange.isPreflight = true
    return preflightAnswer(asked.route.cors, rawHeaders)
  }
  const result = matchTarget(router, inspected.target, routable)
  if (result === 'refused') return oddPath
  if (!result.route) return result.allow.length > 0 ? methodNotAllowed(result.allow) : noRoute
  exchange.route = result.route
  exchange.values = result.values
  if (inspected.body !== 'none' && !result.route.takesBodyWithoutMeaning && withoutMeaning.has(method))
    return bodyWithoutMeaning
  const limit = result.route.maxRequestBodySize ?? limits.body
  return inspected.contentLength > limit ? bodyTooLarge(limit) : undefined
}
