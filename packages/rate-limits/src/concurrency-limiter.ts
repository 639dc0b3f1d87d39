import { checkRateLimit } from './check-rate-limit.ts'

/** How many may be under way at a time, a whole number from 1 to 10⁹. A value: make it once, and do not change it. */
export type ConcurrencyLimit = { algorithm: 'concurrency'; permits: number }

/** The answer to one who wants to begin. */
export type ConcurrencyDecision = {
  allowed: boolean
  limit: ConcurrencyLimit
  /** How many more may begin now. */
  remaining: number
  /** Gives the permit back, once, however often it is called. Does nothing where it was refused. */
  release(): void
}

/** Limits how many are under way at a time, **in this process**. */
export type ConcurrencyLimiter = {
  /**
   * Never waits: who finds no permit is refused. Who is allowed must `release` in the end.
   * @throws {RateLimitError} `permits-invalid`
   */
  enter(limit: ConcurrencyLimit, key: string): ConcurrencyDecision
  /** How many keys have somebody under way. */
  size(): number
}

/**
 * Makes a limiter of concurrency. It is per process, on purpose: a permit held in Redis would stay held when its process dies, so that it
 * would need a lease, to be renewed for as long as the longest request lasts. Instances that are to admit N together are given N ÷ instances
 * each. It remembers only keys that have somebody under way, so its memory is bounded by what is under way.
 */
export function createConcurrencyLimiter(): ConcurrencyLimiter {
  const known = new WeakSet<ConcurrencyLimit>()
  const underWay = new Map<string, number>()

  return {
    enter(limit, key) {
      if (!known.has(limit)) checkRateLimit(limit)
      known.add(limit)
      const place = `${limit.permits}:${key}`
      const before = underWay.get(place) ?? 0
      if (before >= limit.permits) return { allowed: false, limit, remaining: 0, release() {} }
      underWay.set(place, before + 1)
      let held = true
      return {
        allowed: true,
        limit,
        remaining: limit.permits - before - 1,
        release() {
          if (!held) return
          held = false
          const left = (underWay.get(place) as number) - 1
          if (left > 0) underWay.set(place, left)
          else underWay.delete(place)
        },
      }
    },
    size: () => underWay.size,
  }
}
