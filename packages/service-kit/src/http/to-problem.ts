import { CacheError } from '@alicerce/cache-aside'
import type { ErrorObject } from 'ajv'
import type { FastifyError } from 'fastify'
import { Problem } from '#src/problem/problem.ts'
import { internalError, invalidRequest, overloaded, unavailable } from '#src/problem/problems.ts'
import { faultsOf } from './validation.ts'

const jsonRequired = 'Send application/json.'

/** Fastify's own errors that are the client's to mend: status, code, title, detail. */
const framework: Record<string, [number, string, string, string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'body-too-large', 'The body is too large', 'Send less in one request.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'unsupported-media-type', 'Unsupported media type', jsonRequired],
  FST_ERR_CTP_EMPTY_TYPE: [415, 'unsupported-media-type', 'Unsupported media type', jsonRequired],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'body-malformed', 'The body is not JSON', 'The body is empty.'],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'body-malformed', 'The body is not JSON', 'Send well-formed JSON.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    400,
    'body-malformed',
    'The body is cut',
    'Content-Length does not fit the body.',
  ],
  FST_ERR_BAD_URL: [400, 'url-malformed', 'The URL is not valid', 'Mend its percent-encoding.'],
  FST_ERR_MAX_PARAM_LENGTH: [414, 'url-too-long', 'The URL is too long', 'A part of the path is too long.'],
}

/** The one place where whatever was thrown becomes an answer. A 5xx says nothing of its cause (SV-02). */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (!(error instanceof Error)) return internalError(error)
  if (error instanceof CacheError) return cacheProblem(error)
  const { validation, validationContext, code } = error as FastifyError
  if (validation) {
    const faults = faultsOf(validation as unknown as ErrorObject[], validationContext ?? 'body')
    return invalidRequest('Mend what errors[] names, then send it again.', faults)
  }
  const known = framework[code]
  if (known) {
    const [status, name, title, detail] = known
    return new Problem({ status, code: name, title, detail })
  }
  if (code === 'FST_ERR_HANDLER_TIMEOUT') return unavailable('The answer took too long.', error)
  // secure-json-parse refuses __proto__ and the like with a plain SyntaxError.
  if (error instanceof SyntaxError && (error as FastifyError).statusCode === 400)
    return new Problem({
      status: 400,
      code: 'body-malformed',
      title: 'The body is not JSON',
      detail: 'Send well-formed JSON.',
    })
  return internalError(error)
}

/** What the cache could not get from the database in time is a matter of time; everything else is a fault of ours. */
function cacheProblem(error: CacheError): Problem {
  if (error.code === 'overloaded') return overloaded(error.retryAfterMilliseconds, error)
  if (error.code === 'load-timeout') return unavailable('The answer took too long.', error)
  if (error.code === 'closed') return unavailable('The service is stopping.', error)
  return internalError(error)
}
