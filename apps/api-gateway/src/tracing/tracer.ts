import type { Exchange, WatchAttempt } from '@alicerce/reverse-proxy'
import {
  createSpanExport,
  createSpanId,
  formatTraceparent,
  type Log,
  type TraceContext,
} from '@alicerce/service-kit'
import type { Registry } from 'prom-client'
import type { ApiGatewayConfig } from '#src/config.ts'
import { notesOf } from '#src/exchange-notes.ts'

/** Records traces (GW-62): a span of each exchange, and below it one of each attempt, which the service continues. */
export type Tracer = {
  /** Whether this trace is one of those that are recorded. */
  records(trace: TraceContext): boolean
  readonly attempt: WatchAttempt
  /** An exchange has ended. */
  end(exchange: Exchange): void
  /** Sends what is left. */
  close(): Promise<void>
}

/** Makes the tracer that the configuration asks for; `undefined` where it asks for none. */
export function createTracer(
  { OTEL_EXPORTER_OTLP_ENDPOINT: url }: ApiGatewayConfig,
  parts: { registry: Registry; log: Log },
): Tracer | undefined {
  if (!url) return undefined
  const spans = createSpanExport({ url, service: 'api-gateway', ...parts })
  const records = ({ flags }: TraceContext) => flags === '01'
  return {
    records,
    attempt(exchange, cluster, { id, origin }) {
      const { trace } = notesOf(exchange)
      if (!records(trace)) return undefined
      const [spanId, startedAt, resends] = [createSpanId(), performance.now(), exchange.attempts - 1]
      return {
        headers: ['traceparent', formatTraceparent({ ...trace, spanId })],
        end(status, error) {
          const { method = '' } = exchange.request
          const { hostname, port, protocol } = new URL(origin)
          spans.add({
            ...{ traceId: trace.traceId, spanId, parentSpanId: trace.spanId, kind: 'client', name: method },
            ...{ startedAt: sinceEpoch(startedAt), endedAt: sinceEpoch(performance.now()) },
            hasFailed: status >= 400 || error !== 'None',
            attributes: {
              'http.request.method': method,
              'http.request.resend_count': resends > 0 ? resends : undefined,
              'http.response.status_code': status || undefined,
              'server.address': hostname,
              'server.port': Number(port || (protocol === 'https:' ? 443 : 80)),
              'error.type': error === 'None' ? undefined : error,
              'alicerce.cluster': cluster,
              'alicerce.destination': id,
            },
          })
        },
      }
    },
    end(exchange) {
      const { request, route, status, error, startedAt, inspected, attempts, timings } = exchange
      const { trace, parentSpanId } = notesOf(exchange)
      if (!records(trace)) return
      const { method = '' } = request
      spans.add({
        ...{ traceId: trace.traceId, spanId: trace.spanId, parentSpanId, kind: 'server' },
        name: route ? `${method} ${route.id}` : method,
        startedAt: sinceEpoch(startedAt),
        endedAt: sinceEpoch(startedAt + (timings.total ?? 0)),
        hasFailed: status >= 500 || error !== 'None',
        attributes: {
          'http.request.method': method,
          'http.response.status_code': status || undefined,
          'http.route': route?.id,
          // Without its query, which may hold secrets.
          'url.path': inspected?.target.rawPath,
          'error.type': error === 'None' ? undefined : error,
          'alicerce.attempts': attempts,
        },
      })
    },
    close: () => spans.close(),
  }
}

/** Of a moment by `performance.now()`. */
const sinceEpoch = (moment: number) => performance.timeOrigin + moment
