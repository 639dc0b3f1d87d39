import { readFileSync } from 'node:fs'
import type { Policy } from '@alicerce/access-tokens'
import {
  type ConfigurationFault,
  overlayEnvironment,
  type ProxyConfiguration,
  ProxyConfigurationError,
  readProxyConfiguration,
} from '@alicerce/reverse-proxy'
import { Type } from 'typebox'
import Schema from 'typebox/schema'

/** Routes and clusters, and the policies that routes name. */
export type GatewayConfiguration = {
  proxy: ProxyConfiguration
  policies: ReadonlyMap<string, Policy>
}

const names = Type.Array(Type.String({ minLength: 1 }))
const PolicySchema = Type.Object(
  { Scopes: Type.Optional(names), Roles: Type.Optional(names), User: Type.Optional(Type.Boolean()) },
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
  const json = overlayEnvironment(readJson(file), overlay)
  const section = (json.ReverseProxy ?? json) as Record<string, unknown>
  const faults: ConfigurationFault[] = []
  const policies = readPolicies(section, faults)
  try {
    const proxy = readProxyConfiguration(section, {
      authorizationPolicies: [...policies.keys()],
      otherSections: ['Policies'],
    })
    if (faults.length > 0) throw new ProxyConfigurationError([])
    return { proxy, policies: new Map([...policies, ['Default', fallback]]) }
  } catch (error) {
    if (!(error instanceof ProxyConfigurationError)) throw error
    throw new ProxyConfigurationError([...error.faults, ...faults])
  }
}

function readJson(file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const reason = `cannot be read: ${(error as Error).message}`
    throw new ProxyConfigurationError([{ path: file, reason, mend: 'Name a file that holds JSON' }])
  }
}

function readPolicies(section: Record<string, unknown>, faults: ConfigurationFault[]): Map<string, Policy> {
  const { Authorization = {} } = (section.Policies ?? {}) as { Authorization?: Record<string, unknown> }
  const policies = new Map<string, Policy>()
  for (const [name, value] of Object.entries(Authorization)) {
    if (!policyValidator.Check(value)) {
      const mend = 'Give it Scopes and Roles as lists of texts, and User as true or false; nothing else'
      faults.push({ path: `Policies.Authorization.${name}`, reason: 'is not a policy', mend })
      continue
    }
    const { Scopes, Roles, User } = value as { Scopes?: string[]; Roles?: string[]; User?: boolean }
    policies.set(name, {
      ...(Scopes && { scopes: Scopes }),
      ...(Roles && { roles: Roles }),
      ...(User !== undefined && { user: User }),
    })
  }
  return policies
}
