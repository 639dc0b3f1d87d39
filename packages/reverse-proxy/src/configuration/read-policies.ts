import type { CorsPolicy } from '#src/cors/cors-policy.ts'
import type { OutputCachePolicy } from '#src/output-cache/output-cache-policy.ts'
import { readCorsPolicy } from './read-cors.ts'
import { readOutputCachePolicy } from './read-output-cache.ts'
import type { Section } from './section.ts'
import { nearestOf } from './section.ts'

/** The policies that routes may name, by name in lower case. */
export type Policies = {
  readonly authorization: readonly string[]
  readonly rateLimiter: readonly string[]
  readonly cors: ReadonlyMap<string, CorsPolicy>
  readonly outputCache: ReadonlyMap<string, OutputCachePolicy>
  /** In milliseconds. */
  readonly timeout: ReadonlyMap<string, number>
}

/** Reads `Policies.Cors`, `Policies.OutputCache` and `Policies.Timeout`. The other kinds are the app's: it reads them and tells their names. */
export function readPolicies(
  section: Section | undefined,
): Pick<Policies, 'cors' | 'outputCache' | 'timeout'> {
  const cors = new Map<string, CorsPolicy>()
  const outputCache = new Map<string, OutputCachePolicy>()
  const timeout = new Map<string, number>()
  for (const [name, policy] of section?.named('Cors') ?? [])
    cors.set(name.toLowerCase(), readCorsPolicy(policy))
  for (const [name, policy] of section?.named('OutputCache') ?? [])
    outputCache.set(name.toLowerCase(), readOutputCachePolicy(name, policy))
  for (const [name, policy] of section?.named('Timeout') ?? []) {
    const milliseconds = policy.timeSpan('Timeout')
    if (milliseconds === undefined) policy.fault('Timeout', 'is missing', 'Write such as 00:00:30')
    policy.end()
    timeout.set(name.toLowerCase(), milliseconds ?? 0)
  }
  section?.ignore('Authorization', 'RateLimiter')
  section?.end()
  return { cors, outputCache, timeout }
}

/** Finds a policy's name among those that are known, without regard to case, or notes a fault: a misspelt name must never mean "open". */
export function readPolicyName(section: Section, key: string, known: readonly string[]): string | undefined {
  const name = section.text(key)
  if (name === undefined) return undefined
  const found = known.find((candidate) => candidate.toLowerCase() === name.toLowerCase())
  if (!found) section.fault(key, `names no policy (${name})`, suggestion(name, known))
  return found
}

/** The nearest of the known names, or all of them. */
export function suggestion(name: string, known: readonly string[]): string {
  const nearest = nearestOf(name, known)
  return nearest ? `Did you mean ${nearest}?` : `Use one of ${known.join(', ') || 'those that you define'}`
}
