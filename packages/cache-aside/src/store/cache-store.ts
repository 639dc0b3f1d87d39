/** What `acquire` found: an entry, a lease for the caller, or another caller's lease. */
export type Acquired = { kind: 'hit'; entry: string } | { kind: 'granted' } | { kind: 'busy'; retryMilliseconds: number }

/**
 * The second level: entries and leases under one key each. A lease is a token that only its attempt knows; every invalidation kills it,
 * so a loader that read before the change cannot store what it read (Nishtala et al., NSDI 2013).
 */
export type CacheStore = {
  /** The entry; undefined where there is none. */
  get(key: string): Promise<string | undefined>
  getMany(keys: readonly string[]): Promise<(string | undefined)[]>
  acquire(key: string, token: string, leaseMilliseconds: number): Promise<Acquired>
  /** Stores the entry if the lease is still the caller's. Returns whether it was. */
  fill(key: string, token: string, entry: string, ttlMilliseconds: number): Promise<boolean>
  release(key: string, token: string): Promise<void>
  /** Removes entries and kills leases, and tells every listener in every process. */
  invalidate(keys: readonly string[]): Promise<void>
  /** Told each invalidated key; undefined: any may have changed, or we cannot know. Returns how to stop. */
  onInvalidated(listener: (key: string | undefined) => void): () => void
  /** Whether invalidations reach us now: only then may a first level keep anything. */
  readonly listening: boolean
  close(): Promise<void>
}

/** The store did not answer in time, failed, or is being left alone after failures. */
export class StoreUnavailable extends Error {
  readonly code = 'store-unavailable'
}
