import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Static, TSchema } from 'typebox'
import { CacheError } from './errors.ts'
import { createFirstLevel, type FirstLevel } from './first-level.ts'
import { createLimiter } from './limiter.ts'
import { type CacheStore, StoreUnavailable } from './store/cache-store.ts'

export type CacheReadReport = {
  class: string
  source: 'l1' | 'redis' | 'database' | 'joined'
  durationMilliseconds: number
  ttlMilliseconds?: number
  degraded?: string
}

export type OutboxPort<Tx> = {
  append(tx: Tx, rows: { topic: string; key: string; payload: unknown }[]): Promise<bigint[]>
  afterCommit(tx: Tx, action: () => void): void
  markDelivered(ids: bigint[]): Promise<void>
}

export type ClassOptions<Id, Schema extends TSchema> = {
  name: string
  schema: Schema
  key: (id: Id) => string
  load: (id: Id, options: { signal: AbortSignal }) => Promise<Static<Schema> | undefined>
  ttl: number
  negativeTtl?: number
}

export type CacheClass<Id, Value, Tx> = {
  get(id: Id): Promise<Value | undefined>
  getMany(ids: readonly Id[]): Promise<Map<Id, Value | undefined>>
  invalidate(tx: Tx, id: Id): Promise<void>
  invalidateNow(id: Id): Promise<boolean>
}

export type Cache<Tx = unknown> = {
  define<Id, Schema extends TSchema>(options: ClassOptions<Id, Schema>): CacheClass<Id, Static<Schema>, Tx>
  outboxHandler(message: { payload: unknown }): Promise<void>
  close(): void
}

export type CacheOptions<Tx> = {
  namespace: string
  store: CacheStore
  outbox?: OutboxPort<Tx>
  onRead?: (report: CacheReadReport) => void
  clock?: { now(): number }
  random?: () => number
  log: { warn(fields: object, message: string): void }
}

export const invalidationTopic = 'cache-invalidation'
const leaseMilliseconds = 5000
const loadMilliseconds = 4000
const firstLevelMilliseconds = 30_000
const pollMilliseconds = 15

type Flight = { open: boolean; result: Promise<{ value: unknown; shared: boolean }> }

export function createCache<Tx>(options: CacheOptions<Tx>): Cache<Tx> {
  const { namespace, store, outbox, onRead, clock = Date, random = Math.random, log } = options
  const firstLevel: FirstLevel = createFirstLevel({ clock })
  const stopListening = store.onInvalidated(firstLevel.drop)
  const limit = createLimiter()
  const names = new Set<string>()

  async function invalidateKeys(keys: string[]): Promise<void> {
    for (const key of keys) firstLevel.drop(key)
    await store.invalidate(keys)
  }

  return {
    outboxHandler: ({ payload }) => invalidateKeys((payload as { keys: string[] }).keys),
    close: stopListening,
    define<Id, Schema extends TSchema>(definition: ClassOptions<Id, Schema>): CacheClass<Id, Static<Schema>, Tx> {
      type Value = Static<Schema>
      if (names.has(definition.name)) throw new CacheError('class-defined-twice', `The class ${definition.name} is defined twice.`)
      names.add(definition.name)
      const hash = createHash('sha256').update(JSON.stringify(definition.schema)).digest('hex').slice(0, 8)
      const keyOf = (id: Id) => `${namespace}:${definition.name}:${hash}:{${bounded(definition.key(id))}}`
      const flights = new Map<string, Flight>()
      const negativeTtl = definition.negativeTtl ?? 15_000

      const report = (source: CacheReadReport['source'], started: number, degraded?: string, ttlMilliseconds?: number) =>
        onRead?.({
          class: definition.name,
          source,
          durationMilliseconds: performance.now() - started,
          ...(degraded && { degraded }),
          ...(ttlMilliseconds !== undefined && { ttlMilliseconds }),
        })

      async function load(id: Id): Promise<string> {
        const signal = AbortSignal.timeout(loadMilliseconds)
        const timeout = new Promise<never>((_, reject) =>
          signal.addEventListener('abort', () => reject(new CacheError('load-timeout', `Loading ${definition.name} took too long.`))),
        )
        const value = await Promise.race([definition.load(id, { signal }), timeout])
        return value === undefined ? 'N' : `V${JSON.stringify(value)}`
      }

      const keep = (reading: ReturnType<FirstLevel['begin']>, value: unknown) =>
        reading.keep(store.listening ? value : undefined, clock.now() + Math.min(definition.ttl, firstLevelMilliseconds))

      /** Lease, load, fill. Others may join until the fill is sent, and share the value only if it was accepted (cache.md, closed flight). */
      async function fly(id: Id, key: string, flight: { open: boolean }): Promise<{ value: unknown; shared: boolean }> {
        const token = randomUUID()
        const deadline = clock.now() + leaseMilliseconds
        for (;;) {
          const reading = firstLevel.begin(key)
          const acquired = await store.acquire(key, token, leaseMilliseconds).catch((error) => {
            reading.keep(undefined, 0)
            throw error
          })
          if (acquired.kind === 'hit') {
            const value = decode(acquired.entry)
            keep(reading, value)
            return { value, shared: false }
          }
          if (acquired.kind === 'granted') {
            const entry = await load(id).catch(async (error) => {
              reading.keep(undefined, 0)
              flight.open = false
              await store.release(key, token).catch(() => {})
              throw error
            })
            flight.open = false
            const ttl = (entry === 'N' ? negativeTtl : definition.ttl) * (0.9 + random() * 0.2)
            const stored = await store.fill(key, token, entry, ttl).catch(() => false)
            const value = decode(entry)
            keep(reading, stored ? value : undefined)
            return { value, shared: stored }
          }
          reading.keep(undefined, 0)
          if (clock.now() >= deadline) return { value: decode(await limit(() => load(id))), shared: false }
          await sleep(pollMilliseconds + random() * pollMilliseconds)
        }
      }

      async function read(id: Id, key: string, started: number): Promise<Value | undefined> {
        try {
          for (;;) {
            const reading = firstLevel.begin(key)
            const entry = await store.get(key).catch((error) => {
              reading.keep(undefined, 0)
              throw error
            })
            if (entry !== undefined) {
              const value = decode(entry)
              keep(reading, value)
              report('redis', started)
              return value as Value | undefined
            }
            reading.keep(undefined, 0)
            const current = flights.get(key)
            if (current?.open) {
              const { value, shared } = await current.result
              if (!shared) continue
              report('joined', started)
              return value as Value | undefined
            }
            const flight: Flight = { open: true, result: Promise.resolve({ value: undefined, shared: false }) }
            flight.result = fly(id, key, flight).finally(() => {
              flight.open = false
              if (flights.get(key) === flight) flights.delete(key)
            })
            flights.set(key, flight)
            const { value } = await flight.result
            report('database', started)
            return value as Value | undefined
          }
        } catch (error) {
          if (!(error instanceof StoreUnavailable)) throw error
          const value = decode(await limit(() => load(id)))
          report('database', started, 'store-unavailable')
          return value as Value | undefined
        }
      }

      function get(id: Id): Promise<Value | undefined> {
        const started = performance.now()
        const key = keyOf(id)
        const known = firstLevel.peek(key)
        if (!known) return read(id, key, started)
        report('l1', started, undefined, known.until - clock.now())
        return Promise.resolve(known.value as Value)
      }

      return {
        get,
        async getMany(ids) {
          const values = await Promise.all(ids.map(get))
          return new Map(ids.map((id, index) => [id, values[index]]))
        },
        async invalidate(tx, id) {
          if (!outbox) throw new TypeError('This cache has no outbox: give createCache one, or use invalidateNow.')
          const keys = [keyOf(id)]
          const ids = await outbox.append(tx, [{ topic: invalidationTopic, key: keys[0] as string, payload: { keys } }])
          outbox.afterCommit(tx, () => {
            // What fails here is delivered by the relay.
            invalidateKeys(keys)
              .then(() => outbox.markDelivered(ids))
              .catch((error) => log.warn({ error: (error as Error).message }, 'An invalidation was left to the relay'))
          })
        },
        async invalidateNow(id) {
          return invalidateKeys([keyOf(id)]).then(
            () => true,
            () => false,
          )
        },
      }
    },
  }
}

const decode = (entry: string): unknown => (entry === 'N' ? undefined : deepFreeze(JSON.parse(entry.slice(1))))

function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  for (const member of Object.values(value)) deepFreeze(member)
  return Object.freeze(value)
}

/** No id chooses a hash tag or a class, and none makes a key long. */
function bounded(id: string): string {
  const escaped = encodeURIComponent(id)
  return escaped.length <= 200 ? escaped : createHash('sha256').update(id).digest('hex')
}
