import type { BreakerState } from './breaker.ts'

/** What `acquire` found: an entry, a lease for this attempt with the least version that it must load, or the lease of another one, which ends by itself in `milliseconds`. */
export type Acquired =
  | { kind: 'hit'; bytes: Buffer }
  | { kind: 'granted'; floor: number }
  | { kind: 'busy'; milliseconds: number }

/** Hears what happens to the keys that it watches. */
export type StoreWatcher = {
  /** Something was done to this key, by anyone, perhaps ourselves. */
  changed(key: string): void
  /** Anything may have been done to any key. */
  reset(): void
  /** The store that failed is left alone, or no longer. */
  breaker?(state: BreakerState): void
}

/** A watch over the keys of one prefix. */
export type StoreWatch = {
  /** Whether every change reaches us, at most three seconds late. Only then may a first level keep or answer anything. */
  readonly live: boolean
  /** Resolves when the watcher has heard of all that was done before the call; rejects where that will never be known. */
  barrier(): Promise<void>
  close(): void
}

/** How far the invalidations of a namespace have come. */
export type Watermark = {
  /** Which run of the store answers: another one may have lost what an earlier one acknowledged. */
  run: string
  /** The time of the store, milliseconds since 1970. */
  now: number
  /** Everything that was committed before this moment of that time has been invalidated in this run; `undefined`: nobody has said so. */
  at: number | undefined
  /** The same for what `getFromReplica` brings, by that of the replicas that is farthest behind; `undefined`: none can be asked. */
  replicasAt?: number | undefined
}

/**
 * The second level: per key a value, or a lease, or nothing. A lease is a token that one attempt to load made and nobody else knows; every
 * invalidation kills it, so a loader that read before a change cannot store what it read (Nishtala et al., NSDI 2013). A token is for one
 * attempt only: sent again after a time-out it could bring a killed lease back to life.
 *
 * Every method rejects with {@link StoreUnavailable} within the deadline of the store, and what was sent may still be done later.
 */
export type CacheStore = {
  /** The bytes under the key, of a value or of a lease. */
  get(key: string): Promise<Buffer | undefined>
  /**
   * The same from a replica, which has what the last `readWatermark` of the namespace said of replicas, or more. `undefined`: there is none, or
   * none of which that is known.
   */
  getFromReplica?(key: string): Promise<Buffer | undefined> | undefined
  /** The same for many keys at once, in their order. Where they are on many servers, those of one that does not answer are errors. */
  getMany(keys: readonly string[]): Promise<(Buffer | undefined | StoreUnavailable)[]>
  /** Finds the value, or takes the lease if nobody holds it. The value with the entry id `refused` is as good as none. */
  acquire(key: string, token: Buffer, leaseMilliseconds: number, refused?: Buffer): Promise<Acquired>
  /** Puts the value in the place of the lease of `token`; `false`: that lease is gone or wants a higher version, nothing was stored. */
  fill(key: string, token: Buffer, bytes: Buffer, ttlMilliseconds: number): Promise<boolean>
  /** Puts the value in the place of the value with this entry id; `false`: that one is gone, nothing was stored. */
  replace(key: string, entryId: Buffer, bytes: Buffer, ttlMilliseconds: number): Promise<boolean>
  /** Gives the lease of `token` back; `false`: it was gone before. */
  release(key: string, token: Buffer): Promise<boolean>
  /** The mark under the key; if there is none, `mark` from now on. It stands at least so long, for ever without a time. */
  mark(key: string, mark: string, ttlMilliseconds?: number): Promise<string>
  /**
   * Enters the form of a class under the key of a namespace (marks/namespace-record.ts): its mark, and since how many milliseconds the form
   * is entered. If there is none, or the class has too many forms, `mark` from now on, and this form alone.
   */
  enter(key: string, mark: string, form: string): Promise<{ mark: string; milliseconds: number }>
  /** Removes values and marks, and kills leases. Not for keys with versions: it would forget the least one. */
  invalidate(keys: readonly string[]): Promise<void>
  /**
   * The same for a key with versions: nothing below `floor` is stored from now on for `holdMilliseconds`. A floor is never lowered,
   * whatever comes after whatever.
   */
  raise(key: string, floor: number, holdMilliseconds: number): Promise<void>
  /** Of the connection on which commands go: another number, perhaps another store. What was asked on an earlier one has failed. */
  connection(): number
  readWatermark(key: string): Promise<Watermark>
  /**
   * Moves it to `at`, in the time of `seen`, which this store said; but never back. `false`: this is another run by now, and nothing that
   * counts was done.
   */
  moveWatermark(key: string, seen: Watermark, at: number): Promise<boolean>
  /** How many keys it has dropped for want of memory since it began, where it can say. */
  evictedKeys?(): Promise<number | undefined>
  watch(prefix: string, watcher: StoreWatcher): StoreWatch
  close(): Promise<void>
}

/** The store did not answer in time, failed, or is left alone after failures. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
  readonly code = 'store-unavailable'
}
