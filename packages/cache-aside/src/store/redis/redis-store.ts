import { randomBytes } from 'node:crypto'
import { decodeVersion, encodeVersion, tokenBytes } from '../../entry/entry.ts'
import type { Clock } from '../../ports.ts'
import { type BreakerState, createBreaker } from '../breaker.ts'
import {
  type Acquired,
  type CacheStore,
  StoreUnavailable,
  type StoreWatch,
  type StoreWatcher,
  type Watermark,
} from '../cache-store.ts'
import { type Argument, createRedisClient } from './client.ts'
import {
  acquireScript,
  enterScript,
  fillScript,
  markScript,
  moveWatermarkScript,
  raiseScript,
  readWatermarkScript,
  releaseScript,
  replaceScript,
  type Script,
} from './scripts.ts'
import { trackPrefix } from './tracking.ts'

/** How to reach the Redis of the cache. */
export type RedisStoreOptions = {
  url: string
  /** No command is waited for longer, in milliseconds. Default 50. */
  deadlineMilliseconds?: number
  /** Times the breaker. Default `Date`. */
  clock?: Clock
}

/**
 * A store in Redis (7 or newer). Commands of one turn of the event loop are sent together; nothing is queued while there is no
 * connection; a Redis that fails is left alone for a second at a time.
 */
export function redisStore({ url, deadlineMilliseconds = 50, clock = Date }: RedisStoreOptions): CacheStore {
  const watches = new Map<StoreWatch, StoreWatcher>()
  let state: BreakerState = 'closed'
  const breaker = createBreaker(clock, (next) => {
    state = next
    for (const watcher of watches.values()) watcher.breaker?.(next)
  })
  const client = createRedisClient({ url, deadlineMilliseconds, breaker })

  async function evaluate({ source, hash }: Script, key: string, ...values: Argument[]): Promise<unknown> {
    try {
      return await client.send('EVALSHA', hash, 1, key, ...values)
    } catch (error) {
      // NOSCRIPT was certainly not executed, so the same token may be sent again.
      if (!isNoScript(error)) throw error
      return client.send('EVAL', source, 1, key, ...values)
    }
  }

  return {
    get: client.get,
    async getMany(keys) {
      const found = (await client.send('MGET', ...keys)) as (Buffer | null)[]
      return found.map((bytes) => bytes ?? undefined)
    },
    async acquire(key, token, lease, refused): Promise<Acquired> {
      const values = [token, Math.ceil(lease), refused ?? '']
      const reply = (await evaluate(acquireScript, key, ...values)) as [number, unknown]
      if (reply[0] === 0) return { kind: 'hit', bytes: reply[1] as Buffer }
      if (reply[0] === 2) return { kind: 'busy', milliseconds: Number(reply[1]) }
      return { kind: 'granted', floor: decodeVersion(reply[1] as Buffer) }
    },
    fill: async (key, token, bytes, ttl) =>
      (await evaluate(fillScript, key, token, bytes, Math.ceil(ttl))) === 1,
    replace: async (key, entryId, bytes, ttl) =>
      (await evaluate(replaceScript, key, entryId, bytes, Math.ceil(ttl))) === 1,
    release: async (key, token) => (await evaluate(releaseScript, key, token)) === 1,
    mark: async (key, mark, ttl = 0) => String(await evaluate(markScript, key, mark, Math.ceil(ttl))),
    async enter(key, mark, form) {
      const [record, milliseconds] = (await evaluate(enterScript, key, mark, form)) as [Buffer, number]
      return { mark: record.toString('latin1', 0, record.indexOf(' ')), milliseconds }
    },
    async invalidate(keys) {
      await Promise.all(keys.map((key) => client.send('UNLINK', key)))
    },
    async raise(key, floor, hold) {
      await evaluate(raiseScript, key, randomBytes(tokenBytes), encodeVersion(floor), Math.ceil(hold))
    },
    connection: client.connection,
    async readWatermark(key): Promise<Watermark> {
      const [run, now, at] = (await evaluate(readWatermarkScript, key)) as [Buffer, number, Buffer | null]
      return { run: String(run), now, at: at === null ? undefined : Number(at) }
    },
    moveWatermark: async (key, run, at) =>
      (await evaluate(moveWatermarkScript, key, run, Math.floor(at))) === 1,
    async evictedKeys() {
      const found = /^evicted_keys:(\d+)/m.exec(String(await client.send('INFO', 'stats')))
      return found ? Number(found[1]) : undefined
    },
    watch(prefix, watcher) {
      const watch = trackPrefix(url, prefix, watcher)
      watches.set(watch, watcher)
      if (state !== 'closed') watcher.breaker?.(state)
      return watch
    },
    async close() {
      for (const watch of watches.keys()) watch.close()
      client.close()
    },
  }
}

const isNoScript = (error: unknown) =>
  error instanceof StoreUnavailable &&
  error.cause instanceof Error &&
  error.cause.message.startsWith('NOSCRIPT')
