import type { ConcurrencyLimit, RateLimit } from '@alicerce/rate-limits'

/** By what requests are counted apart from each other. */
export type Partition =
  /** The client's address; of IPv6 the network of 64 bits, since one household has all of its addresses. */
  | 'Address'
  /** The person or client whose token it is; the address where there is none. */
  | 'Subject'
  /** The client that got the token; the address where there is none. */
  | 'Client'
  /** The route: policies count over all their routes otherwise. */
  | 'Route'

/** One of `Policies.RateLimiter`. */
export type RateLimitPolicy = {
  readonly name: string
  readonly limit: RateLimit | ConcurrencyLimit
  readonly partitions: readonly Partition[]
}
