import { Redis, type RedisOptions } from 'ioredis'
import { refillOf, segmentsOf } from '../check-rate-limit.ts'
import type { KnownLimit } from '../known-limits.ts'
import type { Outcome, RateLimit } from '../rate-limit.ts'
import { scripts } from './scripts.ts'

/** Counts in Redis, for all instances together. */
export type SharedLimits = {
  /** `connecting`: there was no answer yet to the first attempt. `lost`: there is none, or none any more, and it is tried again. */
  connection(): 'connecting' | 'ready' | 'lost'
  /** What is told of a take for which there is no connection: its cause is why there is none, a wrong password say. */
  connectionError(): Error
  /** Rejects, with the cause, when Redis refuses, is lost, or does not answer within the timeout. */
  take(known: KnownLimit, place: string, cost: number): Promise<Outcome>
  /** Resolves when the first attempt to connect succeeded or failed. */
  ready(): Promise<void>
  close(): void
}

/** How to reach Redis. */
export type SharedLimitsOptions = { url: string; namespace: string; commandTimeoutMilliseconds: number }

/** A connection that hears nothing for so long after a command is half open. */
const silentMilliseconds = 5000

/**
 * Nothing is queued while there is no connection: a take is answered at once, by somebody. And nothing is sent a second time by itself: it
 * could be counted twice.
 */
const connectionOptions = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 2000,
  disconnectTimeout: 200,
  socketTimeout: silentMilliseconds,
  retryStrategy: (attempt) => Math.min(25 * 2 ** Math.min(attempt, 6), 1000) * (0.75 + Math.random() / 2),
} satisfies RedisOptions

type Reply = [allowed: number, remaining: number, retryAfter: number, reset: number]
type Take = (key: string, ...values: number[]) => Promise<Reply>

/** Counts in Redis, on a connection of its own. */
export function createSharedLimits(options: SharedLimitsOptions): SharedLimits {
  const { url, namespace, commandTimeoutMilliseconds } = options
  const redis = new Redis(url, connectionOptions)
  for (const [name, lua] of Object.entries(scripts)) redis.defineCommand(name, { numberOfKeys: 1, lua })
  const commands = redis as unknown as Record<RateLimit['algorithm'], Take>
  const { promise: attempted, resolve: attemptEnded } = Promise.withResolvers<void>()
  let wasAttempted = false
  const ended = () => {
    wasAttempted = true
    attemptEnded()
  }
  redis.on('ready', ended)
  redis.on('close', ended)
  let cause: unknown
  redis.on('error', (error) => {
    cause = error
  })

  return {
    connection() {
      if (redis.status === 'ready') return 'ready'
      return wasAttempted ? 'lost' : 'connecting'
    },
    connectionError: () => new Error('There is no connection to Redis.', { cause }),
    async take({ limit }, place, cost) {
      const { algorithm, permits, windowMilliseconds } = limit
      const last = algorithm === 'token-bucket' ? refillOf(limit) : segmentsOf(limit)
      const key = `${namespace}:{${place}}`
      const reply = commands[algorithm](key, permits, windowMilliseconds, cost, last)
      return outcomeOf(await inTime(reply, commandTimeoutMilliseconds))
    },
    ready: () => attempted,
    close() {
      ended()
      redis.disconnect()
    },
  }
}

function inTime<Answer>(answer: Promise<Answer>, milliseconds: number): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const giveUp = () => reject(new Error(`Redis did not answer within ${milliseconds} ms.`))
  // After a pause of this process the timer comes first although the reply is there: let it be read before giving up.
  const timer = setTimeout(() => setImmediate(giveUp), milliseconds)
  answer.finally(() => clearTimeout(timer)).then(resolve, reject)
  return promise
}

const outcomeOf = ([allowed, remaining, retryAfter, reset]: Reply): Outcome => ({
  allowed: allowed === 1,
  remaining,
  retryAfterMilliseconds: retryAfter,
  resetMilliseconds: reset,
})
