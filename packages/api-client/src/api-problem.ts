/** One fault of a request, at the place of the body (`#/lines/0/quantity`) or at the parameter that it concerns. */
export type ProblemFault = { pointer?: string; parameter?: string; detail: string; [more: string]: unknown }

/** Problem details (RFC 9457) as our services write them. */
export type ProblemDetails = {
  type?: string
  title: string
  status: number
  detail?: string
  code?: string
  traceId?: string
  errors?: ProblemFault[]
  [more: string]: unknown
}

/** A request was refused or failed. `status` 0: no answer came at all (offline, or the platform is down). */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly status: number
  /** Machine-readable kind, such as `insufficient-stock`; `network` where no answer came, `unexpected` where it says none. */
  readonly code: string
  readonly title: string
  readonly detail: string | undefined
  readonly traceId: string | undefined
  readonly errors: readonly ProblemFault[]
  readonly details: ProblemDetails | undefined

  constructor(status: number, details: ProblemDetails | undefined, traceId?: string, cause?: unknown) {
    super(details?.title ?? (status === 0 ? 'No answer' : `Unexpected answer ${status}`), { cause })
    this.status = status
    this.details = details
    this.title = details?.title ?? ''
    this.detail = details?.detail
    this.code = details?.code ?? (status === 0 ? 'network' : 'unexpected')
    this.traceId = details?.traceId ?? traceId
    this.errors = Array.isArray(details?.errors) ? details.errors : []
  }

  /** What is wrong at `pointer`, with or without its leading `#`. */
  faultAt(pointer: string): ProblemFault | undefined {
    return this.errors.find((fault) => fault.pointer?.replace(/^#/, '') === pointer.replace(/^#/, ''))
  }
}

/** Reads the problem of a response; a body that is not problem+json still gives one, without details. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const traceId = response.headers.get('trace-id') ?? undefined
  const isProblem = response.headers.get('content-type')?.includes('application/problem+json')
  const details: ProblemDetails | undefined = isProblem
    ? ((await response.json().catch(() => undefined)) as ProblemDetails | undefined)
    : undefined
  return new ApiProblem(response.status, details, traceId)
}
