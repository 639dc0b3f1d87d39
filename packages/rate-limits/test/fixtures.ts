import { type CapturedLog, capturedLog } from '@alicerce/testing'
import { onTestFinished } from 'vitest'
import {
  createRateLimiter,
  type Decision,
  type RateLimit,
  type RateLimiter,
  type RateLimiterEvent,
  type RateLimiterOptions,
} from '#src/index.ts'

/** A limiter under test, with what it told. */
export type TestLimiter = RateLimiter & { events: RateLimiterEvent[]; log: CapturedLog }

/**
 * A limiter that is ready, and closed when the test is over. Its patience with Redis is long unless the test says otherwise: on a busy machine
 * 30 ms pass now and then, and that is no outage.
 */
export async function limiter(options: Partial<RateLimiterOptions> = {}): Promise<TestLimiter> {
  const events: RateLimiterEvent[] = []
  const log = capturedLog()
  const created = createRateLimiter({
    commandTimeoutMilliseconds: 10_000,
    observe: (event) => events.push(event),
    log,
    ...options,
  })
  onTestFinished(() => created.close())
  await created.ready()
  return { ...created, events, log }
}

export const minute = 60_000

export const fixedWindow = (permits: number, windowMilliseconds = minute): RateLimit => ({
  algorithm: 'fixed-window',
  permits,
  windowMilliseconds,
})

export const slidingWindow = (permits: number, windowMilliseconds = minute, segments = 10): RateLimit => ({
  algorithm: 'sliding-window',
  permits,
  windowMilliseconds,
  segments,
})

/** As good as never refilled, unless the test says otherwise. */
export const tokenBucket = (permits: number, windowMilliseconds = 86_400_000, refill = 1): RateLimit => ({
  algorithm: 'token-bucket',
  permits,
  windowMilliseconds,
  refillPermits: refill,
})

/** Each algorithm with so many permits, which do not come back while a test lasts. */
export const eachAlgorithm = (permits: number): RateLimit[] => [
  fixedWindow(permits),
  slidingWindow(permits),
  tokenBucket(permits),
]

let keys = 0
/** A key that no other test has. */
export const newKey = () => `key-${process.pid}-${keys++}`

/** Takes so often, one after the other. */
export async function takeMany(
  { take }: RateLimiter,
  limit: RateLimit,
  key: string,
  times: number,
): Promise<Decision[]> {
  const decisions: Decision[] = []
  for (let time = 0; time < times; time++) decisions.push(await take(limit, key))
  return decisions
}

export const admitted = (decisions: Decision[]): number => decisions.filter(({ allowed }) => allowed).length
