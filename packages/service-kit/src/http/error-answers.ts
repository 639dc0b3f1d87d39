import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '#src/log.ts'
import { Problem, problemBody } from '#src/problem/problem.ts'
import { notFound } from '#src/problem/problems.ts'
import { continueTrace } from '#src/telemetry/trace-context.ts'
import { undeclaredStatus } from './route-contract.ts'
import { securityHeaders } from './security-headers.ts'
import { toProblem } from './to-problem.ts'
import type { FastifyTyped } from './types.ts'

export const problemType = 'application/problem+json; charset=utf-8'

/** Answers every error of a request, and unknown routes and methods, with problem details. */
export function addErrorAnswers(app: FastifyTyped, options: { log: Log; checkResponses: boolean }): void {
  const { log, checkResponses } = options
  const allowedMethods = recordRoutes(app)
  app.setErrorHandler((error, request, reply) => {
    const fault = checkResponses ? undeclaredStatus(request, toProblem(error).status) : undefined
    return sendProblem(fault ?? error, request, reply, log)
  })
  app.setNotFoundHandler((request, reply) => {
    const allowed = allowedMethods(request.url.split('?')[0] as string)
    return sendProblem(
      allowed.length > 0 ? wrongMethod(request.method, allowed) : notFound(),
      request,
      reply,
      log,
    )
  })
}

/** Answers errors that Fastify meets before there is a route, such as a URL that cannot be decoded. */
export function answerFrameworkError(log: Log) {
  return (error: Error, request: FastifyRequest, reply: FastifyReply) => {
    const trace = continueTrace(request.headers.traceparent?.toString())
    reply.headers({ ...securityHeaders, 'trace-id': trace.traceId, 'cache-control': 'no-store' })
    sendProblem(error, request, reply, log, trace.traceId)
  }
}

function sendProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  log: Log,
  traceId: string = request.telemetryContext.trace.traceId,
) {
  const problem = toProblem(error)
  if (problem.status >= 500) {
    const fields = {
      error: problem.cause ?? problem,
      traceId,
      method: request.method,
      status: problem.status,
    }
    log.error({ ...fields, route: request.routeOptions?.url ?? 'none' }, 'A request failed')
  }
  for (const name of ['etag', 'content-encoding', 'location']) reply.removeHeader(name)
  return reply
    .code(problem.status)
    .headers({ 'cache-control': 'no-store', ...problem.headers })
    .type(problemType)
    .send(JSON.stringify(problemBody(problem, traceId)))
}

function wrongMethod(method: string, allowed: string[]): Problem {
  const allow = allowed.join(', ')
  const detail = `${method} is not known here. Known are: ${allow}.`
  return new Problem({
    status: 405,
    code: 'method-not-allowed',
    title: 'Wrong method',
    detail,
    headers: { allow },
  })
}

/** Fastify's router knows routes by method first; to tell 405 from 404 the templates are kept once more. */
function recordRoutes(app: FastifyTyped): (path: string) => string[] {
  const routes: { pattern: RegExp; methods: string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    const template = url.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
    const pattern = new RegExp(`^${template.replaceAll(/:\w+/g, '[^/]+').replaceAll('*', '.*')}$`)
    routes.push({ pattern, methods: [method].flat() })
  })
  return (path) => {
    const methods = routes.filter(({ pattern }) => pattern.test(path)).flatMap((route) => route.methods)
    return [...new Set(methods)].sort()
  }
}

const connectionFaults: Record<string, [number, string]> = {
  HPE_HEADER_OVERFLOW: [431, 'The headers are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time.'],
}

/** Answers what Node's parser refuses: no request exists yet, so the answer is written by hand. */
export function answerConnectionError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const [status, detail] = connectionFaults[error.code ?? ''] ?? [400, 'The request is not well-formed HTTP.']
  const title = STATUS_CODES[status] as string
  const { traceId } = continueTrace(undefined)
  const code = title.toLowerCase().replaceAll(' ', '-')
  const body = JSON.stringify(problemBody(new Problem({ status, code, title, detail }), traceId))
  const headers = {
    ...securityHeaders,
    'content-type': problemType,
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    'trace-id': traceId,
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  socket.end(`HTTP/1.1 ${status} ${title}\r\n${lines.join('\r\n')}\r\n\r\n${body}`)
}
