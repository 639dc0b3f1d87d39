import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import {
  type ActiveSubscription,
  type EventBus,
  type EventSubscription,
  type Log,
  patientRetry,
  type Retry,
} from './event-bus.ts'
import * as stream from './redis-stream.ts'
import { createWorker, type Settlement } from './worker.ts'

/** How to carry events over Redis. */
export type RedisEventBusOptions = {
  url: string
  log: Log
  retry?: Retry
  /** When a member has not touched its events for so long it counts as dead, and others of its group take them. Default 60 000. */
  abandonedAfterMilliseconds?: number
}

const tryAgainMilliseconds = 500

/**
 * The event bus over Redis Streams (Redis 7 or newer): events outlive the processes, any number of which may publish and consume.
 * The stream holds the newest 100 000 or so. A Redis that is away or restarts is waited for.
 */
export function createRedisEventBus(options: RedisEventBusOptions): EventBus {
  const redis = stream.connectRedis(options.url, options.log)
  const subscriptions = new Set<ActiveSubscription>()
  return {
    publish: (event) => stream.appendEvent(redis, event),
    async subscribe(subscription) {
      const running = consume(redis, subscription, options)
      const active = {
        close() {
          subscriptions.delete(active)
          return running.close()
        },
      }
      subscriptions.add(active)
      return active
    },
    async close() {
      await Promise.all([...subscriptions].map((subscription) => subscription.close()))
      redis.disconnect()
    },
  }
}

function consume(
  redis: Redis,
  subscription: EventSubscription,
  options: RedisEventBusOptions,
): ActiveSubscription {
  const { url, log, retry = patientRetry, abandonedAfterMilliseconds = 60_000 } = options
  const member = { group: subscription.group, consumer: `${hostname()}-${randomUUID()}` }
  // A read waits at Redis, and what is sent after it on the same connection waits with it: so it has one of its own.
  const reader = stream.connectRedis(url, log)
  const settlement: Settlement = {
    acknowledge: ({ id }) => stream.acknowledge(redis, member, [id]),
    park: (entry, error) => stream.parkEvent(redis, member, entry, error),
  }
  const worker = createWorker({ subscription, settlement, retry, log })
  const closing = new AbortController()

  async function take(entries: stream.RawEntry[]): Promise<void> {
    const passedBy: string[] = []
    for (const raw of entries) {
      const entry = stream.decode(raw)
      if (entry && subscription.types.includes(entry.event.type)) worker.accept(entry)
      else passedBy.push(raw[0])
    }
    await stream.acknowledge(redis, member, passedBy)
  }

  /** A reply that got lost leaves events in our name that we never saw: after any error we ask for those first. */
  let next: 'given' | 'new' = 'given'
  async function read(): Promise<void> {
    await worker.hasRoom()
    const which = next
    next = 'given'
    await take(await stream.readEvents(reader, member, which))
    next = 'new'
  }

  async function watchOver(): Promise<void> {
    await stream.keepClaim(redis, member, worker.ids())
    if (!worker.isFull()) await take(await stream.claimAbandoned(redis, member, abandonedAfterMilliseconds))
    await stream.forgetDeadMembers(redis, member.group)
    await pause(abandonedAfterMilliseconds / 3, closing.signal)
  }

  async function untilClosed(step: () => Promise<void>): Promise<void> {
    while (!closing.signal.aborted) await step().catch(mend)
  }

  /** The group is missing at the very beginning, and after Redis has lost its data. */
  async function mend(error: Error): Promise<void> {
    try {
      if (!stream.isGroupMissing(error)) throw error
      await stream.ensureGroup(redis, member.group)
    } catch (cause) {
      log.warn({ error: cause, group: member.group }, 'The event bus could not read')
      await pause(tryAgainMilliseconds, closing.signal)
    }
  }

  const running = Promise.all([untilClosed(read), untilClosed(watchOver)])
  return {
    async close() {
      closing.abort()
      await worker.close()
      await running
      await stream
        .leaveGroup(redis, member)
        .catch((error) => log.warn({ error }, 'The event bus could not leave'))
      reader.disconnect()
    },
  }
}

const pause = (milliseconds: number, signal: AbortSignal) =>
  sleep(milliseconds, undefined, { signal }).catch(() => {})
