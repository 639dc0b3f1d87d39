import { checkCost } from './check-rate-limit.ts'
import { createKnownLimits, type KnownLimit, placeOf } from './known-limits.ts'
import { createLocalLimits } from './local/local-limits.ts'
import type { Clock, RateLimiterLog } from './ports.ts'
import type { Decision, DecisionSource, OnOutage, Outcome, RateLimit } from './rate-limit.ts'
import { type BreakerState, createBreaker, type Passage } from './shared/breaker.ts'
import { createRefusals } from './shared/refusals.ts'
import { createSharedLimits } from './shared/shared-limits.ts'

/** What happened, for metrics. It bears no keys: they may be personal, and there is no end of them. */
export type RateLimiterEvent =
  /** A take was answered. `asked`: Redis was waited for, also where it did not answer in time. */
  | { type: 'decided'; source: DecisionSource; allowed: boolean; asked: boolean }
  /** The breaker of the connection to Redis changed its state. It begins `closed`. */
  | { type: 'breaker'; state: BreakerState }

/** What a limiter is made of. */
export type RateLimiterOptions = {
  /** Where all instances count together. Without it this instance counts its share alone. */
  redisUrl?: string | undefined
  /** Keeps the counts of several limiters in one Redis apart. Default `rate-limits`. */
  namespace?: string
  /** How many instances there are: each admits so much less while it counts alone. Default 1. */
  instances?: number
  /** No take waits longer for Redis. Default 30. */
  commandTimeoutMilliseconds?: number
  /** For limits that do not say it themselves. Default `local`. */
  onOutage?: OnOutage
  /** How many keys are counted here while Redis is not asked, and how many refusals are remembered while it is. Default 50 000. */
  maximumKeys?: number
  /** Told of each decision and each change of the breaker, at once. */
  observe?: (event: RateLimiterEvent) => void
  log: RateLimiterLog
  /** Default `performance`. */
  clock?: Clock
  /** From 0 to below 1. Default `Math.random`. */
  random?: () => number
}

/** Answers whether something may happen now. */
export type RateLimiter = {
  /**
   * Takes permits, all or none, and never waits for any. The answer is at hand, not a promise, wherever Redis need not or cannot be asked;
   * otherwise it comes within the command timeout. It does not reject: an outage is answered by `onOutage`.
   *
   * `key` is who or what is counted. Limits that are alike share the counts of a key: put the name of the policy in front of it.
   * @throws {RateLimitError} at once, for a limit or a cost that is impossible
   */
  take(limit: RateLimit, key: string, cost?: number): Decision | Promise<Decision>
  /** Resolves when the first attempt to reach Redis has ended, well or not. Until then takes are answered as in an outage. */
  ready(): Promise<void>
  close(): void
}

/** What `closed` tells clients to wait: Redis is asked again about then. */
const closedMilliseconds = 1000

/**
 * Makes a limiter.
 *
 * Redis counts for all instances: exactly, each take by one script. While it does not answer, each instance counts its share alone, from
 * nothing; what was admitted then is not told to Redis later, so a window that an outage begins or ends in may admit up to twice its permits.
 * A take that Redis was too slow to answer may have been counted there as well.
 * @throws TypeError for senseless options
 */
export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const { redisUrl, namespace = 'rate-limits', instances = 1, commandTimeoutMilliseconds = 30 } = options
  const { onOutage = 'local', maximumKeys = 50_000, observe, log } = options
  const { clock = performance, random = Math.random } = options
  atLeastOne('instances', instances)
  atLeastOne('maximumKeys', maximumKeys)
  atLeastOne('commandTimeoutMilliseconds', commandTimeoutMilliseconds)

  const know = createKnownLimits(instances)
  const local = createLocalLimits({ clock, maximumKeys })
  const refusals = createRefusals({ clock, maximumKeys })
  const breaker = createBreaker({ clock, random, changed: breakerChanged })
  const shared = redisUrl
    ? createSharedLimits({ url: redisUrl, namespace, commandTimeoutMilliseconds })
    : undefined
  let inOutage = false

  function tell(event: RateLimiterEvent): void {
    try {
      observe?.(event)
    } catch (error) {
      log.warn({ error: String(error) }, 'The observer of the rate limiter failed')
    }
  }

  function breakerChanged(state: BreakerState, cause?: unknown): void {
    tell({ type: 'breaker', state })
    if (state === 'open' && !inOutage) {
      log.warn(
        { error: withCause(cause), onOutage },
        'Redis does not count rate limits: it is left alone for a while',
      )
    }
    if (state === 'closed') log.info({}, 'Redis counts rate limits again')
    if (state !== 'half-open') inOutage = state === 'open'
  }

  function decide(known: KnownLimit, outcome: Outcome, source: DecisionSource, asked = false): Decision {
    tell({ type: 'decided', source, allowed: outcome.allowed, asked })
    return { ...outcome, limit: known.limit, source }
  }

  function decideWithoutRedis(known: KnownLimit, place: string, cost: number, asked = false): Decision {
    const rule = shared ? (known.limit.onOutage ?? onOutage) : 'local'
    if (rule === 'local') return decide(known, local.take(known, place, cost), rule, asked)
    return decide(known, rule === 'open' ? admitted(known.limit) : refused, rule, asked)
  }

  /** `undefined`: Redis is not to be asked. */
  function enter(): Passage | undefined {
    // The start of a process is no failure.
    if (!shared || shared.connection() === 'connecting') return undefined
    const passage = breaker.enter()
    if (shared.connection() === 'ready') return passage
    passage?.failed(shared.connectionError())
    return undefined
  }

  async function ask(known: KnownLimit, place: string, cost: number, passage: Passage): Promise<Decision> {
    const askedAt = clock.now()
    try {
      const outcome = await (shared as NonNullable<typeof shared>).take(known, place, cost)
      passage.succeeded()
      if (!outcome.allowed) refusals.keep(place, cost, outcome, askedAt)
      return decide(known, outcome, 'shared', true)
    } catch (error) {
      passage.failed(error)
      return decideWithoutRedis(known, place, cost, true)
    }
  }

  return {
    take(limit, key, cost = 1) {
      const known = know(limit)
      checkCost(limit, cost)
      const place = placeOf(known, key)
      const refusal = refusals.find(place, cost)
      if (refusal) return decide(known, refusal, 'shared')
      const passage = enter()
      return passage ? ask(known, place, cost, passage) : decideWithoutRedis(known, place, cost)
    },
    ready: async () => shared?.ready(),
    close: () => shared?.close(),
  }
}

const withCause = (error: unknown): string =>
  error instanceof Error && error.cause !== undefined ? `${error} ${error.cause}` : String(error)

const refused: Outcome = {
  allowed: false,
  remaining: 0,
  retryAfterMilliseconds: closedMilliseconds,
  resetMilliseconds: closedMilliseconds,
}

const admitted = ({ permits }: RateLimit): Outcome => ({
  allowed: true,
  remaining: permits,
  retryAfterMilliseconds: 0,
  resetMilliseconds: 0,
})

function atLeastOne(name: string, value: number): void {
  if (!(Number.isInteger(value) && value >= 1))
    throw new TypeError(`"${name}" is ${value}: choose a whole number from 1.`)
}
