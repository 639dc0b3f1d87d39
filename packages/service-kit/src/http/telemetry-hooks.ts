import { consistencyHeader } from '#src/consistency/consistency.ts'
import type { Log } from '#src/log.ts'
import { createRequestContext, requestContexts } from '#src/telemetry/request-context.ts'
import { cacheStatus, serverTiming } from '#src/telemetry/server-timing.ts'
import type { Telemetry } from '#src/telemetry/telemetry.ts'
import { continueTrace } from '#src/telemetry/trace-context.ts'
import type { FastifyTyped } from './types.ts'

/** Gives every request its trace and its timings, every response their headers, and every response a line in the log. */
export function addTelemetry(
  app: FastifyTyped,
  options: { name: string; telemetry: Telemetry; log: Log },
): void {
  const { name, telemetry, log } = options
  app.decorateRequest('telemetryContext')
  app.addHook('onRequest', (request, reply, done) => {
    request.telemetryContext = createRequestContext(
      continueTrace(request.headers.traceparent?.toString()),
      request.headers[consistencyHeader]?.toString(),
    )
    reply.header('trace-id', request.telemetryContext.trace.traceId)
    requestContexts.run(request.telemetryContext, done)
  })
  // The body arrives on the socket's events, which know nothing of the request's context: so it is entered once more.
  app.addHook('preValidation', (request, _reply, done) => requestContexts.run(request.telemetryContext, done))
  app.addHook('onSend', async (request, reply) => {
    reply.header('server-timing', serverTiming(name, request.telemetryContext))
    const status = cacheStatus(request.telemetryContext)
    if (status && reply.statusCode < 400) reply.header('cache-status', status)
  })
  app.addHook('onResponse', async (request, reply) => {
    const { startedAt, trace } = request.telemetryContext
    const durationMilliseconds = performance.now() - startedAt
    const route = request.routeOptions.url ?? 'none'
    const response = { route, method: request.method, status: reply.statusCode, durationMilliseconds }
    telemetry.onResponse({ ...response, trace })
    const milliseconds = Math.round(durationMilliseconds * 100) / 100
    log.info({ ...response, durationMilliseconds: milliseconds, traceId: trace.traceId }, 'Request answered')
  })
}
