/** Tells the time in milliseconds since 1970. */
export type Clock = { now(): number }

/** The part of a log that the cache writes to. */
export type CacheLog = { warn(fields: object, message: string): void }

/** Runs `action` once after `milliseconds`; what it returns stops that. */
export type StartTimer = (milliseconds: number, action: () => void) => () => void

/** Timers of Node. */
export const startTimer: StartTimer = (milliseconds, action) => {
  const timer = setTimeout(action, milliseconds)
  return () => clearTimeout(timer)
}

/** What `work` brings within so many milliseconds; `undefined` when they are over. A failure of it is told only before. */
export async function within<Result>(
  milliseconds: number,
  work: Promise<Result>,
  startTimer: StartTimer,
): Promise<Result | undefined> {
  const { promise: over, resolve } = Promise.withResolvers<undefined>()
  const stop = startTimer(milliseconds, () => resolve(undefined))
  return Promise.race([work, over]).finally(stop)
}

/** Where invalidations are recorded together with the rows that they are about. The application joins it to its database. */
export type OutboxPort<Tx> = {
  /** Inserts rows within the transaction; returns their ids. */
  append(tx: Tx, rows: { topic: string; key: string; payload: unknown }[]): Promise<bigint[]>
  /** Runs `action` after COMMIT, never after a rollback. */
  afterCommit(tx: Tx, action: () => void): void
  /** What is marked needs no relay any more. */
  markDelivered(ids: bigint[]): Promise<void>
  /** For how many milliseconds the oldest committed row of the topic has waited for its delivery; 0: none waits. */
  oldestPending(topic: string): Promise<number>
  /** Has all rows of the topic delivered again that were delivered within the last so many milliseconds. */
  reopen(topic: string, milliseconds: number): Promise<void>
}
