import { setTimeout as sleep } from 'node:timers/promises'
import { createCache, redisStore } from '@alicerce/cache-aside'
import { until } from '@alicerce/testing'
import { Redis } from 'ioredis'
import { Pool } from 'pg'
import { Type } from 'typebox'
import { hostNow } from '../host-clock.ts'
import { load } from './loads.ts'
import { briefTtl, type Loader, type Standing } from './scenarios.ts'

// One process of a stampede: many callers who ask for the same key at once.

/** How to run it. */
export type CallerOptions = { redisUrl: string; databaseUrl: string; subject: 'cache-aside' | 'naive' }

/** What the parent tells it. */
export type CallerOrder = {
  order: 'prepare' | 'invalidate' | 'ask'
  key: string
  standing: Standing
  loader: Loader
  callers: number
  /** By the host's monotonic clock. */
  askAt: number
}

/** What came of it. */
export type CallerAnswer = { answered: number; failed: number; slowestMilliseconds: number }

const options: CallerOptions = JSON.parse(process.argv[2] as string)
const pool = new Pool({ connectionString: options.databaseUrl, max: 10 })
const loadersOf = new Map<string, Loader>()
const find = (key: string, signal?: AbortSignal) => load(pool, key, loadersOf.get(key) ?? 'quick', signal)

type Read = (key: string, standing: Standing) => Promise<unknown>

async function createAside(): Promise<{ read: Read; invalidate: (key: string) => Promise<unknown> }> {
  // Plenty of time: one load is promised while Redis answers.
  const store = redisStore({ url: options.redisUrl, deadlineMilliseconds: 5000 })
  await until(() => store.get('nothing').then(() => true))
  const cache = createCache({ namespace: 'stampede', store, log: { warn() {} } })
  const define = (name: string, policy: object) =>
    cache.define({
      name,
      schema: Type.String(),
      key: (key: string) => key,
      load: (key, { signal }) => find(key, signal),
      ...{ jitter: 0, earlyRefresh: 0, loadTimeout: 1000, ttl: 600_000, ...policy },
    })
  const steady = define('steady', {})
  const brief = define('brief', { ttl: briefTtl })
  const kept = define('kept', { ttl: briefTtl, failSafe: 600_000, softLoadTimeout: 300 })
  const classes = {
    cold: steady,
    invalidated: steady,
    expired: brief,
    'expired, with a copy for trouble': kept,
  }
  return {
    read: (key, standing) => classes[standing].get(key),
    invalidate: (key) => steady.invalidateNow(key),
  }
}

/** GET, else load and SET. */
async function createNaive(): ReturnType<typeof createAside> {
  const redis = new Redis(options.redisUrl)
  return {
    async read(key, standing) {
      const found = await redis.get(key)
      if (found !== null) return found
      const value = await find(key)
      await redis.set(key, value, 'PX', standing.startsWith('expired') ? briefTtl : 600_000)
      return value
    },
    invalidate: (key) => redis.del(key),
  }
}

const { read, invalidate } = await (options.subject === 'naive' ? createNaive() : createAside())

async function ask({ key, standing, callers, askAt }: CallerOrder): Promise<CallerAnswer> {
  await sleep(Math.max(0, askAt - hostNow()))
  let slowestMilliseconds = 0
  const outcomes = await Promise.allSettled(
    Array.from({ length: callers }, async () => {
      const started = performance.now()
      await read(key, standing).finally(() => {
        slowestMilliseconds = Math.max(slowestMilliseconds, performance.now() - started)
      })
    }),
  )
  const failed = outcomes.filter(({ status }) => status === 'rejected').length
  return { answered: callers - failed, failed, slowestMilliseconds }
}

async function obey(order: CallerOrder): Promise<CallerAnswer> {
  const { key, standing, loader } = order
  loadersOf.set(key, order.order === 'ask' ? loader : 'quick')
  if (order.order === 'ask') return ask(order)
  if (order.order === 'prepare') await read(key, standing)
  else await invalidate(key)
  return { answered: 1, failed: 0, slowestMilliseconds: 0 }
}

process.on('message', (order: CallerOrder) => void obey(order).then((answer) => process.send?.(answer)))
process.on('disconnect', () => process.exit())
process.send?.('ready')
