import { createHash } from 'node:crypto'
import { Redis } from 'ioredis'
import { createBreaker, withDeadline } from './breaker.ts'
import type { Acquired, CacheStore } from './cache-store.ts'

const channel = 'alicerce:cache-invalidated'

// One key per script, so that Redis Cluster needs nothing special.
const acquireScript = script(`
local current = redis.call('GET', KEYS[1])
if current then
  if string.sub(current, 1, 1) == 'L' then return {2, redis.call('PTTL', KEYS[1])} end
  return {0, current}
end
redis.call('SET', KEYS[1], 'L' .. ARGV[1], 'PX', ARGV[2])
return {1}`)
const fillScript = script(`
if redis.call('GET', KEYS[1]) ~= 'L' .. ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`)
const releaseScript = script(`
if redis.call('GET', KEYS[1]) == 'L' .. ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`)

type Script = { source: string; hash: string }

function script(source: string): Script {
  return { source, hash: createHash('sha1').update(source).digest('hex') }
}

/**
 * A store in Redis. No command waits longer than `deadlineMilliseconds` (default 50), nothing is queued while there is no connection, and
 * a Redis that fails is left alone for a second at a time.
 */
export function redisStore({ url, deadlineMilliseconds = 50, clock = Date }: { url: string; deadlineMilliseconds?: number; clock?: { now(): number } }): CacheStore {
  const options = { enableOfflineQueue: false, maxRetriesPerRequest: 0, retryStrategy: () => 200, enableAutoPipelining: true }
  const redis = new Redis(url, options)
  const subscriber = new Redis(url, { ...options, enableOfflineQueue: true, maxRetriesPerRequest: null })
  const listeners = new Set<(key: string | undefined) => void>()
  const breaker = createBreaker(clock)
  const call = <Result>(work: () => Promise<Result>) => breaker(() => withDeadline(work(), deadlineMilliseconds))
  const tell = (key: string | undefined) => {
    for (const listener of listeners) listener(key)
  }
  let listening = false
  const deaf = () => {
    listening = false
    tell(undefined) // whatever is invalidated now, we do not hear of
  }
  redis.on('error', () => {})
  subscriber.on('error', () => {})
  subscriber.on('close', deaf)
  subscriber.on('ready', () => {
    subscriber.subscribe(channel).then(
      () => {
        tell(undefined)
        listening = true
      },
      () => {},
    )
  })
  subscriber.on('message', (_, keys: string) => {
    for (const key of JSON.parse(keys)) tell(key)
  })

  async function run({ source, hash }: Script, key: string, ...values: (string | number)[]): Promise<unknown> {
    try {
      return await redis.evalsha(hash, 1, key, ...values)
    } catch (error) {
      if (!(error as Error).message.startsWith('NOSCRIPT')) throw error
      return redis.eval(source, 1, key, ...values)
    }
  }

  return {
    get listening() {
      return listening
    },
    get: async (key) => entryOf(await call(() => redis.get(key))),
    getMany: async (keys) => (await call(() => redis.mget(...keys))).map(entryOf),
    async acquire(key, token, leaseMilliseconds): Promise<Acquired> {
      const [kind, detail] = (await call(() => run(acquireScript, key, token, leaseMilliseconds))) as [number, string | number]
      if (kind === 0) return { kind: 'hit', entry: detail as string }
      return kind === 1 ? { kind: 'granted' } : { kind: 'busy', retryMilliseconds: detail as number }
    },
    fill: async (key, token, entry, ttl) => (await call(() => run(fillScript, key, token, entry, Math.ceil(ttl)))) === 1,
    async release(key, token) {
      await call(() => run(releaseScript, key, token))
    },
    async invalidate(keys) {
      await call(() => Promise.all([...keys.map((key) => redis.unlink(key)), redis.publish(channel, JSON.stringify(keys))]))
    },
    onInvalidated(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async close() {
      listeners.clear()
      redis.disconnect()
      subscriber.disconnect()
    },
  }
}

const entryOf = (text: string | null) => (text === null || text.startsWith('L') ? undefined : text)
