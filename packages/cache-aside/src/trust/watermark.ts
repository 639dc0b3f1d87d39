import { invalidationTopic } from '../cache-class/invalidations.ts'
import type { CacheLog, OutboxPort, StartTimer } from '../ports.ts'
import type { CacheStore, Watermark } from '../store/cache-store.ts'
import type { Certainty } from './trust.ts'

/**
 * What is delivered once more to a store that may have lost something. It may be of any age, so all of the namespace is made void too; the
 * window brings back the floors of classes with versions, which are held for no longer.
 */
const replayMilliseconds = 60_000
/** So often it is looked again after a look that failed. */
const looksInPeriod = 5

/** How to follow the watermark of a namespace. */
export type WatermarkOptions = {
  store: CacheStore
  outbox: Pick<OutboxPort<unknown>, 'oldestPending' | 'reopen'>
  /** Where the watermark stands, and where the mark of the namespace does. */
  key: string
  namespaceMark: string
  /** How often to look, milliseconds. */
  period: number
  learn: (certainty: Certainty) => void
  learnOfReplicas: (certainty: Certainty | undefined) => void
  /** After each look, whatever came of it. */
  looked: () => void
  /** The store is not the one that it was: all of the namespace was made void. */
  begunAnew: () => void
  log: CacheLog
  startTimer: StartTimer
}

/**
 * Follows the watermark of the namespace, and moves it when nobody else has. It is a time of the store: everything that was committed
 * before it has been invalidated in this very run of the store. No clock of a process or of the database is compared with another one: the
 * time of the store is asked for **before** the outbox is, and the outbox tells how long something has waited.
 */
export function followWatermark(options: WatermarkOptions) {
  const { store, outbox, key, namespaceMark, period, learn, learnOfReplicas, log, startTimer } = options
  const looks = tellOnce(
    log,
    'The watermark of the cache cannot be read: reads go around the cache',
    looksInPeriod,
  )
  const moves = tellOnce(log, 'The watermark of the cache cannot be moved: reads go around the cache', 1)
  let closed = false
  let stopTimer = () => {}
  let looking = Promise.resolve()
  let moving: Promise<void> | undefined

  async function look(): Promise<void> {
    const connection = store.connection()
    const askedAt = performance.now()
    const seen = await store.readWatermark(key)
    const { replicasAt } = seen
    learnOfReplicas(
      replicasAt === undefined ? undefined : { coveredUntil: askedAt - (seen.now - replicasAt), connection },
    )
    if (seen.at !== undefined) tell(seen.at, { seen, askedAt, connection })
    if (seen.at !== undefined && seen.now - seen.at < period) return
    moving ??= move(seen, askedAt, connection)
      .then(() => moves.worked(), moves.failed)
      .finally(() => {
        moving = undefined
      })
  }

  async function move(seen: Watermark, askedAt: number, connection: number): Promise<void> {
    if (seen.at === undefined) await beginAnew()
    const at = seen.now - (await outbox.oldestPending(invalidationTopic))
    if (await store.moveWatermark(key, seen, at)) tell(at, { seen, askedAt, connection })
  }

  /** The store is another one than before, or came back with what it had some time ago, or lost everything. */
  async function beginAnew(): Promise<void> {
    await store.invalidate([namespaceMark])
    await outbox.reopen(invalidationTopic, replayMilliseconds)
    options.begunAnew()
  }

  function tell(at: number, reading: { seen: Watermark; askedAt: number; connection: number }): void {
    const { seen, askedAt, connection } = reading
    if (store.connection() !== connection) return
    // The store's `now` was later than `askedAt`, if anything: what is covered ends so much earlier.
    learn({ coveredUntil: askedAt - (seen.now - at), connection })
  }

  async function lookAndGoOn(): Promise<void> {
    let next = period
    try {
      await look()
      looks.worked()
    } catch (error) {
      next = period / looksInPeriod
      looks.failed(error)
    }
    options.looked()
    if (!closed) stopTimer = startTimer(next, goOn)
  }

  function goOn(): void {
    looking = lookAndGoOn()
  }

  goOn()
  return {
    async close(): Promise<void> {
      closed = true
      stopTimer()
      await looking
      await moving
    },
  }
}

/**
 * Tells of failures in a row, once, with the cause, which may be a right that is missing; from the `from`th on, as there is no connection yet
 * at the start of a process.
 */
function tellOnce(log: CacheLog, message: string, from: number) {
  let failures = 0
  return {
    worked(): void {
      failures = 0
    },
    failed(error: unknown): void {
      failures++
      if (failures !== from) return
      const cause = error instanceof Error && error.cause !== undefined ? ` ${error.cause}` : ''
      log.warn({ error: `${error}${cause}` }, message)
    },
  }
}
