/** One of `Policies.OutputCache`: what a route's answers are kept by. */
export type OutputCachePolicy = {
  readonly name: string
  /** How long an answer is fresh whose service does not say it; `undefined` = not at all. */
  readonly durationMilliseconds: number | undefined
  /** In lower case: headers that tell answers apart, beside those that the service names in `Vary`. */
  readonly varyByHeaders: readonly string[]
  /** In lower case: parameters that tell answers apart. */
  readonly varyByQuery: ReadonlySet<string> | 'all'
  /** Whether each user's answers are kept apart, and then also those that are nobody else's. */
  readonly varyByUser: boolean
  /** A longer body is not kept. */
  readonly maxBytes: number
  /** For how long after it was fresh an answer is given while it is fetched anew, where the service does not say it. */
  readonly staleWhileRevalidateMilliseconds: number
  /** For how long after it was fresh an answer is given where the service fails, and does not say it. */
  readonly staleIfErrorMilliseconds: number
}
