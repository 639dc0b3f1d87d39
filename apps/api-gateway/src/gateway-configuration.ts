import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import {
  overlayEnvironment,
  type ProxyConfiguration,
  ProxyConfigurationError,
  parseRelaxedJson,
  type ReadOptions,
  readProxyConfiguration,
} from '@alicerce/reverse-proxy'
import { type AuthorizationPolicy, readAuthorizationPolicy } from './authorization-policies.ts'
import { checkOwnRoutes, ownCluster } from './gateway-view/own-routes.ts'
import type { RateLimitPolicy } from './rate-limits/rate-limit-policy.ts'
import { readRateLimitPolicy } from './rate-limits/read-rate-limits.ts'

/** Routes and clusters, and the policies that routes name. */
export type GatewayConfiguration = {
  proxy: ProxyConfiguration
  rateLimits: ReadonlyMap<string, RateLimitPolicy>
  policies: ReadonlyMap<string, AuthorizationPolicy>
  /** Of what was read, with what the environment changes in it: SHA-256 in hexadecimal digits. */
  hash: string
}

/** The app's own policies, by name, while they are read. */
export type OwnPolicies = {
  authorization: Map<string, AuthorizationPolicy>
  rateLimits: Map<string, RateLimitPolicy>
}

export const noPolicies = (): OwnPolicies => ({ authorization: new Map(), rateLimits: new Map() })

/** What a route without a policy of its own asks: a person who has signed in. Deny what is not declared (GW-35). */
const fallback: AuthorizationPolicy = { user: true }

/** How the gateway reads what is its own in the configuration; policies go into the maps. */
export const readOptions = ({ authorization, rateLimits }: OwnPolicies): ReadOptions => ({
  ownClusters: [ownCluster],
  policyReaders: {
    Authorization: (name, section) => authorization.set(name, readAuthorizationPolicy(name, section)),
    RateLimiter: (name, section) => rateLimits.set(name, readRateLimitPolicy(name, section)),
  },
})

/**
 * Reads the file with its overlay from the environment.
 * @throws {ProxyConfigurationError} with every fault of routes, clusters and policies
 */
export function readGatewayConfiguration(
  file: string,
  overlay: Readonly<Record<string, string | undefined>>,
): GatewayConfiguration {
  const own = { ReverseProxy: sectionOf(file, readJson(file)) }
  const policies = noPolicies()
  const section = overlayEnvironment(own, overlay).ReverseProxy
  const read = readProxyConfiguration(section, readOptions(policies))
  const { authorization, rateLimits } = policies
  const { faults, warnings } = checkOwnRoutes(read, (name) => authorization.get(name))
  if (faults.length > 0) throw new ProxyConfigurationError(faults)
  const proxy = { ...read, warnings: [...read.warnings, ...warnings] }
  const hash = createHash('sha256').update(JSON.stringify(section)).digest('hex')
  return { proxy, rateLimits, policies: authorization.set('Default', fallback), hash }
}

function sectionOf(file: string, json: Record<string, unknown>): Record<string, unknown> {
  const key = Object.keys(json).find((name) => name.toLowerCase() === 'reverseproxy')
  const section = key && json[key]
  if (isObject(section)) return section
  const mend = 'Put Routes, Clusters and Policies into it'
  throw new ProxyConfigurationError([{ path: file, reason: 'has no section ReverseProxy', mend }])
}

function readJson(file: string): Record<string, unknown> {
  try {
    const json = parseRelaxedJson(readFileSync(file, 'utf8'))
    if (isObject(json)) return json
    throw new SyntaxError('it is no JSON object')
  } catch (error) {
    // It may quote the file, and a fault is told in one line.
    const reason = `cannot be read: ${(error as Error).message.replace(/\s+/g, ' ')}`
    throw new ProxyConfigurationError([{ path: file, reason, mend: 'Name a file that holds JSON' }])
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
