import { CacheError } from '../errors.ts'
import type { CacheLog, OutboxPort } from '../ports.ts'
import type { CacheStore } from '../store/cache-store.ts'
import { publish } from '../telemetry.ts'

/** The topic under which invalidations stand in the outbox. */
export const invalidationTopic = 'cache-invalidation'

/** Takes what has changed out of both levels. */
export function createInvalidations<Tx>(options: {
  store: CacheStore
  /** Drops what this process holds under a key. */
  forget: (key: string) => void
  outbox: OutboxPort<Tx> | undefined
  log: CacheLog
  inBackground: (work: Promise<unknown>) => void
}) {
  const { store, forget, outbox, log, inBackground } = options

  /** Rejects with `StoreUnavailable` where it could not be delivered. */
  async function deliver(keys: readonly string[]): Promise<void> {
    // Reads under way must not keep what they bring, so this process forgets before the command is sent.
    for (const key of keys) forget(key)
    try {
      await store.invalidate(keys)
      publish({ type: 'invalidated', keys: keys.length, delivered: true })
    } catch (error) {
      publish({ type: 'invalidated', keys: keys.length, delivered: false })
      throw error
    }
  }

  async function deliverAfterCommit(recorded: OutboxPort<Tx>, keys: string[], ids: bigint[]): Promise<void> {
    try {
      await deliver(keys)
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
    deliverNow: (keys: readonly string[]): Promise<boolean> =>
      deliver(keys).then(
        () => true,
        () => false,
      ),
    async record(tx: Tx, keys: string[]): Promise<void> {
      if (!outbox) {
        throw new TypeError('This cache has no outbox: give one to createCache, or use invalidateNow.')
      }
      const rows = keys.map((key) => ({ topic: invalidationTopic, key, payload: { keys: [key] } }))
      const ids = await outbox.append(tx, rows)
      outbox.afterCommit(tx, () => inBackground(deliverAfterCommit(outbox, keys, ids)))
    },
    /** For the relay, which tries again whatever rejects. */
    async handle({ payload }: { payload: unknown }): Promise<void> {
      await deliver(keysOf(payload))
    },
  }
}

function keysOf(payload: unknown): string[] {
  const keys = (payload as { keys?: unknown } | null)?.keys
  if (Array.isArray(keys) && keys.every((key) => typeof key === 'string')) return keys
  throw new CacheError(
    'message-malformed',
    `A message of topic "${invalidationTopic}" must carry { keys: string[] }.`,
  )
}
