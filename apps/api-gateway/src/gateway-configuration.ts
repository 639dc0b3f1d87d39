import { readFileSync } from 'node:fs'
import type { Policy } from '@alicerce/access-tokens'
import {
  overlayEnvironment,
  type ProxyConfiguration,
  ProxyConfigurationError,
  parseRelaxedJson,
  type ReadOptions,
  readProxyConfiguration,
} from '@alicerce/reverse-proxy'
import { readAuthorizationPolicy } from './authorization-policies.ts'

/** Routes and clusters, and the policies that routes name. */
export type GatewayConfiguration = {
  proxy: ProxyConfiguration
  policies: ReadonlyMap<string, Policy>
}

/** What a route without a policy of its own asks: a person who has signed in. Deny what is not declared (GW-35). */
const fallback: Policy = { user: true }

/** How the gateway reads what is its own in the configuration; policies go into the map. */
export const readOptions = (policies: Map<string, Policy>): ReadOptions => ({
  policyReaders: {
    Authorization: (name, section) => policies.set(name, readAuthorizationPolicy(name, section)),
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
  const policies = new Map<string, Policy>()
  const proxy = readProxyConfiguration(overlayEnvironment(own, overlay).ReverseProxy, readOptions(policies))
  return { proxy, policies: policies.set('Default', fallback) }
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
