/** What can go wrong in a cached read, apart from what the loader itself throws. */
export type CacheErrorCode =
  /** The store is away and too many loads wait for the database. Answer 503 with Retry-After. */
  | 'overloaded'
  /** The loader took longer than the class's `loadTimeout`. */
  | 'load-timeout'
  /** The source has an older version than the reader or the last writer knows of. */
  | 'version-behind'
  /** Everyone who waited for the load has left. */
  | 'load-abandoned'
  /** An invalidation from the outbox is not one of ours. */
  | 'message-malformed'

/** An error of the cache; `code` says which. */
export class CacheError extends Error {
  override readonly name = 'CacheError'
  readonly code: CacheErrorCode

  constructor(code: CacheErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
