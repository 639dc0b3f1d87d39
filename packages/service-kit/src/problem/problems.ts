import { Problem, type ProblemFault, type ProblemOptions } from './problem.ts'

type Extra = Partial<Pick<ProblemOptions, 'code' | 'errors' | 'extra' | 'headers'>>

/** 404: the resource does not exist, or this caller may not know of it. */
export function notFound(detail = 'There is nothing here that you can see.'): Problem {
  return new Problem({ status: 404, code: 'not-found', title: 'Not found', detail })
}

/** 400: the request is wrong. `errors` says where. */
export function invalidRequest(detail: string, errors?: readonly ProblemFault[]): Problem {
  return new Problem({
    status: 400,
    code: 'validation-failed',
    title: 'The request is not valid',
    detail,
    errors,
  })
}

/** 403: the caller is known and may not do it. Name the permission that is missing. */
export function forbidden(detail: string): Problem {
  return new Problem({ status: 403, code: 'forbidden', title: 'Not allowed', detail })
}

/** 409: the request does not fit the present state. */
export function conflict(detail: string, { code = 'conflict', ...more }: Extra = {}): Problem {
  return new Problem({
    status: 409,
    code,
    title: 'Conflict with the present state',
    detail,
    ...more,
  })
}

/** 422: understood and well formed, and it cannot be done (a product that does not exist, say). */
export function unprocessable(detail: string, { code = 'unprocessable', ...more }: Extra = {}): Problem {
  return new Problem({
    status: 422,
    code,
    title: 'The request cannot be carried out',
    detail,
    ...more,
  })
}

/** 412: the resource has changed since the caller read it. `etag` is its present entity tag. */
export function preconditionFailed(etag: string): Problem {
  const detail = 'The resource has changed since you read it. Read it again, then repeat the change.'
  return new Problem({
    status: 412,
    code: 'precondition-failed',
    title: 'The resource has changed',
    detail,
    extra: { currentETag: etag },
    headers: { etag },
  })
}

/** 428: a change must say which state of the resource it means (RFC 6585 §3). */
export function preconditionRequired(): Problem {
  const detail = 'Send If-Match with the ETag that you read, so that nobody else’s change is overwritten.'
  return new Problem({ status: 428, code: 'precondition-required', title: 'If-Match is required', detail })
}

/** 503: something that the service needs does not answer. */
export function unavailable(detail: string, cause?: unknown): Problem {
  const headers = { 'retry-after': '5' }
  return new Problem({ status: 503, code: 'unavailable', title: 'Not available', detail, headers, cause })
}

/** 503: so much is being asked that waiting would take too long. After `milliseconds` another try makes sense. */
export function overloaded(milliseconds = 1000, cause?: unknown): Problem {
  const detail = 'Too much is being asked at the moment. Try again in a moment.'
  const headers = { 'retry-after': String(Math.max(1, Math.ceil(milliseconds / 1000))) }
  return new Problem({ status: 503, code: 'overloaded', title: 'Too busy', detail, headers, cause })
}

/** 500: our fault. The body says nothing of `cause`; the log does. */
export function internalError(cause: unknown): Problem {
  const detail = 'Something went wrong on our side. Tell us the trace id if it happens again.'
  return new Problem({ status: 500, code: 'internal-error', title: 'Internal error', detail, cause })
}
