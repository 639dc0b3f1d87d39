import type { CorsPolicy } from '#src/cors/cors-policy.ts'
import { nearestOf } from './nearest-name.ts'
import { readCorsPolicy } from './read-cors.ts'
import type { Section } from './section.ts'

/** The policies that routes may name, by name in lower case. */
export type Policies = {
  readonly authorization: readonly string[]
  readonly rateLimiter: readonly string[]
  readonly outputCache: readonly string[]
  readonly cors: ReadonlyMap<string, CorsPolicy>
  /** In milliseconds. */
  readonly timeout: ReadonlyMap<string, number>
}

/** The kinds of policies that mean something to the app alone. */
const kindsOfApp = ['Authorization', 'RateLimiter', 'OutputCache'] as const

/** Reads one policy of a kind that means something to the app, and keeps it. */
export type PolicyReader = (name: string, section: Section) => void

/** The app's own readers. A kind without one is left alone: what it holds then is never used. */
export type PolicyReaders = Readonly<Partial<Record<(typeof kindsOfApp)[number], PolicyReader>>>

type ReadPolicies = Pick<Policies, 'cors' | 'timeout'> & {
  /** The names of those that the app has read, those with faults too: that a route names one is no fault of the route's. */
  readonly namesOf: (kind: keyof PolicyReaders) => readonly string[]
}

/** Reads `Policies`. */
export function readPolicies(section: Section, readers: PolicyReaders): ReadPolicies {
  const cors = new Map<string, CorsPolicy>()
  const timeout = new Map<string, number>()
  for (const [name, policy] of section.named('Cors')) cors.set(name.toLowerCase(), readCorsPolicy(policy))
  for (const [name, policy] of section.named('Timeout')) {
    policy.requires('Timeout', 'Write such as 00:00:30')
    timeout.set(name.toLowerCase(), policy.timeSpan('Timeout') ?? 0)
    policy.end()
  }
  const names = new Map(kindsOfApp.map((kind) => [kind, readKind(section, kind, readers[kind])]))
  section.end()
  return { cors, timeout, namesOf: (kind) => names.get(kind) ?? [] }
}

function readKind(section: Section, kind: string, read: PolicyReader | undefined): string[] {
  if (!read) {
    section.ignore(kind)
    return []
  }
  return section.named(kind).map(([name, policy]) => {
    read(name, policy)
    return name
  })
}

/** Finds a policy's name among those that are known, without regard to case, or notes a fault: a misspelt name must never mean "open". */
export function readPolicyName<Fallback extends string | undefined = undefined>(
  section: Section,
  key: string,
  known: readonly string[],
  fallback?: Fallback,
): string | Fallback {
  const name = section.text(key, fallback)
  if (name === undefined) return fallback as Fallback
  const found = known.find((candidate) => candidate.toLowerCase() === name.toLowerCase())
  if (!found) section.fault(key, `names no policy (${name})`, suggestion(name, known))
  return found ?? (fallback as Fallback)
}

/** The nearest of the known names, or all of them. */
export function suggestion(name: string, known: readonly string[]): string {
  const nearest = nearestOf(name, known)
  return nearest ? `Did you mean ${nearest}?` : `Use one of ${known.join(', ') || 'those that you define'}`
}
