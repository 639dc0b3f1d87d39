/** Which other origins' pages may read answers (the Fetch standard's CORS protocol). */
export type CorsPolicy = {
  /** In lower case, without a `/` at the end; `any` = all, and then no credentials. */
  readonly origins: ReadonlySet<string> | 'any'
  readonly methods: readonly string[]
  /** `any` = those that the page asks for. */
  readonly headers: readonly string[] | 'any'
  readonly exposedHeaders: readonly string[]
  readonly credentials: boolean
  /** How long a browser may keep the answer to a preflight. */
  readonly maxAgeSeconds: number | undefined
}
