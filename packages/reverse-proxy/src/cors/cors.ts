import { valuesOf, without } from '#src/edge/header-names.ts'
import type { CorsPolicy } from './cors-policy.ts'

/** A browser asks whether it may send a request: OPTIONS with an origin and the method it means (Fetch standard §3.2.2). */
export type Preflight = { readonly method: string }

/** Reads a preflight; `undefined` where a request is none. */
export function readPreflight(
  method: string | undefined,
  rawHeaders: readonly string[],
): Preflight | undefined {
  if (method !== 'OPTIONS' || valuesOf(rawHeaders, 'origin').length !== 1) return undefined
  const [asked] = valuesOf(rawHeaders, 'access-control-request-method')
  return asked === undefined ? undefined : { method: asked }
}

/** The headers that answer a preflight. An origin, method or header that is not allowed is left out, and the browser sends nothing. */
export function preflightHeaders(
  policy: CorsPolicy | 'disabled',
  rawHeaders: readonly string[],
): Record<string, string> {
  const vary = { vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers' }
  const origin = policy === 'disabled' ? undefined : allowedOrigin(policy, rawHeaders)
  if (policy === 'disabled' || origin === undefined) return vary
  const asked = valuesOf(rawHeaders, 'access-control-request-headers').join(',')
  const headers = policy.headers === 'any' ? asked : policy.headers.join(', ')
  return {
    ...vary,
    'access-control-allow-origin': origin,
    'access-control-allow-methods': policy.methods.join(', '),
    ...(headers && { 'access-control-allow-headers': headers }),
    ...(policy.credentials && { 'access-control-allow-credentials': 'true' }),
    ...(policy.maxAgeSeconds !== undefined && { 'access-control-max-age': String(policy.maxAgeSeconds) }),
  }
}

const written = [
  ...['access-control-allow-origin', 'access-control-allow-credentials', 'access-control-expose-headers'],
  ...['access-control-allow-methods', 'access-control-allow-headers', 'access-control-max-age'],
]

/** Puts the policy's answer in the place of the service's: two `Access-Control-Allow-Origin` would mean none (GW-42). */
export function applyCors(
  headers: readonly string[],
  policy: CorsPolicy | 'disabled',
  rawHeaders: readonly string[],
): string[] {
  const result = written.reduce<string[]>((kept, name) => without(kept, name), headers as string[])
  if (policy === 'disabled') return result
  // A cache in between must not give one origin the answer for another.
  if (policy.origins !== 'any') result.push('vary', 'Origin')
  const origin = allowedOrigin(policy, rawHeaders)
  if (origin === undefined) return result
  result.push('access-control-allow-origin', origin)
  if (policy.credentials) result.push('access-control-allow-credentials', 'true')
  if (policy.exposedHeaders.length > 0)
    result.push('access-control-expose-headers', policy.exposedHeaders.join(', '))
  return result
}

function allowedOrigin({ origins }: CorsPolicy, rawHeaders: readonly string[]): string | undefined {
  const [origin, ...others] = valuesOf(rawHeaders, 'origin')
  if (origin === undefined || others.length > 0) return undefined
  if (origins === 'any') return '*'
  return origins.has(origin.toLowerCase()) ? origin : undefined
}
