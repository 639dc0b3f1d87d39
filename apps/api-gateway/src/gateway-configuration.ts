import { readFileSync } from 'node:fs'
import type { Policy } from '@alicerce/access-tokens'
import {
  type ConfigurationFault,
  overlayEnvironment,
  type ProxyConfiguration,
  ProxyConfigurationError,
  parseRelaxedJson,
  readProxyConfiguration,
  Section,
} from '@alicerce/reverse-proxy'
import { type Static, Type } from 'typebox'
import Schema from 'typebox/schema'
import type { RateLimitPolicy } from './rate-limits/rate-limit-policy.ts'
import { readRateLimitPolicy } from './rate-limits/read-rate-limits.ts'

/** Routes and clusters, and the policies that routes name. */
export type GatewayConfiguration = {
  proxy: ProxyConfiguration
  rateLimits: ReadonlyMap<string, RateLimitPolicy>
  policies: ReadonlyMap<string, Policy>
}

const names = Type.Array(Type.String({ minLength: 1 }))
const PolicySchema = Type.Object(
  {
    Scopes: Type.Optional(names),
    Roles: Type.Optional(names),
    User: Type.Optional(Type.Boolean()),
    MaximumAuthenticationAgeSeconds: Type.Optional(Type.Integer({ minimum: 0 })),
    AcrValues: Type.Optional(names),
  },
  { additionalProperties: false },
)
const policyValidator = Schema.Compile(PolicySchema)

/** What a route without a policy of its own asks: a person who has signed in. Deny what is not declared (GW-35). */
const fallback: Policy = { user: true }

/**
 * Reads the file with its overlay from the environment.
 * @throws {ProxyConfigurationError} with every fault of routes, clusters and policies
 */
export function readGatewayConfiguration(
  file: string,
  overlay: Readonly<Record<string, string | undefined>>,
): GatewayConfiguration {
  const own = { ReverseProxy: sectionOf(file, readJson(file)) }
  const section = overlayEnvironment(own, overlay).ReverseProxy as Record<string, unknown>
  const faults: ConfigurationFault[] = []
  const policies = readPolicies(section, faults)
  const rateLimits = readRateLimits(section, faults)
  try {
    const proxy = readProxyConfiguration(section, {
      authorizationPolicies: policies.names,
      rateLimiterPolicies: [...rateLimits.keys()],
    })
    if (faults.length > 0) throw new ProxyConfigurationError([])
    return { proxy, rateLimits, policies: new Map([...policies.byName, ['Default', fallback]]) }
  } catch (error) {
    if (!(error instanceof ProxyConfigurationError)) throw error
    throw new ProxyConfigurationError([...error.faults, ...faults])
  }
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
    const reason = `cannot be read: ${(error as Error).message}`
    throw new ProxyConfigurationError([{ path: file, reason, mend: 'Name a file that holds JSON' }])
  }
}

/** `names` holds those with faults too: that a route names one is no fault of the route's. */
function readPolicies(section: Record<string, unknown>, faults: ConfigurationFault[]) {
  const { Authorization = {} } = isObject(section.Policies) ? section.Policies : {}
  const byName = new Map<string, Policy>()
  const names = Object.keys(Authorization as object)
  for (const name of names) {
    const path = `Policies.Authorization.${name}`
    const value = (Authorization as Record<string, unknown>)[name]
    if (/^(?:default|anonymous)$/i.test(name)) {
      faults.push({ path, reason: 'is a reserved name', mend: 'Rename it' })
    } else if (policyValidator.Check(value)) {
      byName.set(name, toPolicy(value))
    } else {
      const mend =
        'Give it Scopes, Roles and AcrValues as lists of texts, User as true or false, and MaximumAuthenticationAgeSeconds as a whole number; nothing else'
      faults.push({ path, reason: 'is not a policy', mend })
    }
  }
  return { byName, names }
}

function readRateLimits(section: Record<string, unknown>, faults: ConfigurationFault[]) {
  const root = new Section(isObject(section.Policies) ? section.Policies : {}, { path: 'Policies', faults })
  return new Map(root.named('RateLimiter').map(([name, part]) => [name, readRateLimitPolicy(name, part)]))
}

function toPolicy(written: Static<typeof PolicySchema>): Policy {
  const { Scopes, Roles, User, MaximumAuthenticationAgeSeconds: maximumAge, AcrValues } = written
  return {
    ...(Scopes && { scopes: Scopes }),
    ...(Roles && { roles: Roles }),
    ...(User !== undefined && { user: User }),
    ...(maximumAge !== undefined && { maximumAuthenticationAgeSeconds: maximumAge }),
    ...(AcrValues && { acrValues: AcrValues }),
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
