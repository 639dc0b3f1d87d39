import { CacheError } from '../errors.ts'
import { hasVersions, isOfClass, keysInForms } from '../key/keys.ts'
import { decodeRecord } from '../marks/namespace-record.ts'
import type { CacheLog, OutboxPort } from '../ports.ts'
import type { CacheStore } from '../store/cache-store.ts'
import type { CacheEvent, InvalidationWay } from '../telemetry/events.ts'

/** The topic under which invalidations stand in the outbox. */
export const invalidationTopic = 'cache-invalidation'

/** What is invalidated: keys, or keys with versions, below whose `floor` nothing is stored for `hold` milliseconds from then on. */
export type Invalidation = { keys: readonly string[]; floor?: number; hold?: number }

/** For how long a floor is held by who does not know the class to have versions, as an earlier deploy does not. */
const usualHold = 10_000

/** Takes what has changed out of both levels. */
export function createInvalidations<Tx>(options: {
  store: CacheStore
  /** Where the record of the namespace stands. */
  recordKey: string
  /** Drops what this process holds under a key. */
  forget: (key: string) => void
  outbox: OutboxPort<Tx> | undefined
  log: CacheLog
  tell: (event: CacheEvent) => void
  inBackground: (work: Promise<unknown>) => void
}) {
  const { store, recordKey, forget, outbox, log, tell, inBackground } = options

  async function takeOut({ keys, floor = 0, hold = usualHold }: Invalidation): Promise<void> {
    // Reads under way must not keep what they bring, so this process forgets before the command is sent.
    for (const key of keys) forget(key)
    const plain = keys.filter((key) => !hasVersions(key))
    const raised = keys.filter(hasVersions).map((key) => store.raise(key, floor, hold))
    if (plain.length > 0) raised.push(store.invalidate(plain))
    await Promise.all(raised)
    // And again: a read may have begun after that and kept what it found just before the command was done, and our own push may be late.
    for (const key of keys) forget(key)
  }

  /** The same values in forms that this process does not know, as the record says that is read after the commit. */
  async function otherForms(keys: readonly string[]): Promise<string[]> {
    if (!keys.some(isOfClass)) return []
    const record = await store.get(recordKey)
    const forms = (record && decodeRecord(record)?.forms) ?? []
    return keys.flatMap((key) => keysInForms(key, forms)).filter((key) => !keys.includes(key))
  }

  /** Rejects with `StoreUnavailable` where it could not be delivered. */
  async function deliver(invalidation: Invalidation, way: InvalidationWay): Promise<void> {
    const { keys } = invalidation
    try {
      const [others] = await Promise.all([otherForms(keys), takeOut(invalidation)])
      if (others.length > 0) await takeOut({ ...invalidation, keys: others })
      tell({ type: 'invalidated', way, keys: keys.length, delivered: true })
    } catch (error) {
      tell({ type: 'invalidated', way, keys: keys.length, delivered: false })
      throw error
    }
  }

  async function deliverAfterCommit(
    recorded: OutboxPort<Tx>,
    invalidation: Invalidation,
    ids: bigint[],
  ): Promise<void> {
    try {
      await deliver(invalidation, 'at-once')
      await recorded.markDelivered(ids)
    } catch (error) {
      log.warn(
        { error: error instanceof Error ? error.message : String(error) },
        'A cache invalidation is left to the relay',
      )
    }
  }

  return {
    /** Whether it was delivered. */
    deliverNow: (invalidation: Invalidation): Promise<boolean> =>
      deliver(invalidation, 'outside').then(
        () => true,
        () => false,
      ),
    async record(tx: Tx, invalidation: Invalidation): Promise<void> {
      if (!outbox) {
        throw new TypeError('This cache has no outbox: give one to createCache, or use invalidateNow.')
      }
      const rows = invalidation.keys.map((key) => ({
        topic: invalidationTopic,
        key,
        payload: { ...invalidation, keys: [key] },
      }))
      const ids = await outbox.append(tx, rows)
      outbox.afterCommit(tx, () => inBackground(deliverAfterCommit(outbox, invalidation, ids)))
    },
    /** For the relay, which tries again whatever rejects. */
    async handle({ payload }: { payload: unknown }): Promise<void> {
      await deliver(invalidationOf(payload), 'relay')
    },
  }
}

function invalidationOf(payload: unknown): Invalidation {
  const { keys, floor, hold } = (payload ?? {}) as Partial<Record<keyof Invalidation, unknown>>
  if (Array.isArray(keys) && keys.every((key) => typeof key === 'string')) {
    if (floor === undefined && hold === undefined) return { keys }
    if (Number.isSafeInteger(floor) && Number.isFinite(hold)) return { keys, floor, hold } as Invalidation
  }
  throw new CacheError(
    'message-malformed',
    `A message of topic "${invalidationTopic}" must carry { keys: string[] }, and both { floor, hold } where keys have versions.`,
  )
}
