/** What can go wrong in a cached read, apart from what the loader itself throws. */
export type CacheErrorCode =
  /** Too many loads wait for the source. Answer 503, with Retry-After of `retryAfterMilliseconds`. */
  | 'overloaded'
  /** The loader took longer than the class's `loadTimeout`. */
  | 'load-timeout'
  /** The source has an older version than the reader or the last writer knows of. */
  | 'version-behind'
  /** Everyone who waited for the load has left. */
  | 'load-abandoned'
  /** The cache was closed, and loads nothing any more. */
  | 'closed'
  /** An invalidation from the outbox is not one of ours. */
  | 'message-malformed'

/** An error of the cache; `code` says which. */
export class CacheError extends Error {
  override readonly name = 'CacheError'
  readonly code: CacheErrorCode
  /** With `overloaded`: when to try again. */
  readonly retryAfterMilliseconds: number | undefined

  constructor(
    code: CacheErrorCode,
    message: string,
    options: ErrorOptions & { retryAfterMilliseconds?: number } = {},
  ) {
    super(message, options)
    this.code = code
    this.retryAfterMilliseconds = options.retryAfterMilliseconds
  }
}

/** Nobody who waits now does so after `waitMilliseconds`: whoever comes then finds another queue. */
export const overloaded = (message: string, waitMilliseconds: number): CacheError =>
  new CacheError('overloaded', `${message} Try again in a moment.`, {
    retryAfterMilliseconds: waitMilliseconds,
  })
