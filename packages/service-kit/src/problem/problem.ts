/** One of several faults of a request. `pointer` is a JSON Pointer into the body as a URI fragment (RFC 6901 §6). */
export type ProblemFault = ({ pointer: string } | { parameter: string }) & { detail: string }

/** What a problem is made of. */
export type ProblemOptions = {
  /** HTTP status, 400 to 599. */
  status: number
  /** Stable name in kebab-case, for programs. It is the end of the problem's `type`. */
  code: string
  /** The kind of problem in a few words, the same every time. */
  title: string
  /** What happened this time and what to do. The client reads it: no secret, no inside of the service. */
  detail: string
  /** Faults by place in the request. */
  errors?: readonly ProblemFault[]
  /** Further members of the body. */
  extra?: Readonly<Record<string, unknown>>
  /** Headers of the response, such as `retry-after`. */
  headers?: Readonly<Record<string, string>>
  /** For the log only. */
  cause?: unknown
}

/** The beginning of every problem's `type`. */
export const problemTypeBase = 'https://alicerce.dev/problems/'

/** An answer with a 4xx or 5xx status, as RFC 9457 problem details. Throw it anywhere in a request. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly errors: readonly ProblemFault[] | undefined
  readonly extra: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>

  constructor(options: ProblemOptions) {
    super(options.detail, { cause: options.cause })
    this.status = options.status
    this.code = options.code
    this.title = options.title
    this.detail = options.detail
    this.errors = options.errors
    this.extra = options.extra ?? {}
    this.headers = options.headers ?? {}
  }
}

/** The body of a problem's response: `application/problem+json`. */
export function problemBody(problem: Problem, traceId: string): Record<string, unknown> {
  const { status, code, title, detail, errors, extra } = problem
  const body = { ...extra, type: `${problemTypeBase}${code}`, title, status, detail, code, traceId }
  return errors ? { ...body, errors } : body
}
