/** What can be wrong with a limit or a take. */
export type RateLimitErrorCode =
  /** `permits` is no whole number from 1 to 10⁹. */
  | 'permits-invalid'
  /** `windowMilliseconds` is no whole number from 1 to those of 366 days. */
  | 'window-invalid'
  /** `segments` is no whole number from 1 to 100, or there are more of them than milliseconds. */
  | 'segments-invalid'
  /** `refillPermits` is no whole number from 1 to 10⁹. */
  | 'refill-invalid'
  /** The bucket is so large and slow that it cannot be counted exactly: `permits` × `windowMilliseconds` is 2⁵³ or more. */
  | 'bucket-too-large'
  /** The cost of a take is no whole number from 1. */
  | 'cost-invalid'
  /** The take costs more than the limit ever has: it would be refused for ever. */
  | 'cost-exceeds-permits'
  /** A structured field cannot carry the policy's name: it is not printable ASCII. */
  | 'policy-name-invalid'

/** A limit that cannot be held, or a take that cannot be answered; `code` says why. */
export class RateLimitError extends Error {
  override readonly name = 'RateLimitError'
  readonly code: RateLimitErrorCode

  constructor(code: RateLimitErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
