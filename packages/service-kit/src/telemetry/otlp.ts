import type { TraceContext } from './trace-context.ts'

/** One request that a server has answered. */
export type ServerSpan = {
  trace: TraceContext
  /** The template of the route, never the URL. */
  route: string
  method: string
  status: number
  /** Milliseconds since 1970. */
  endedAt: number
  durationMilliseconds: number
}

/** `SPAN_KIND_SERVER` and `STATUS_CODE_ERROR` of the protocol. */
const serverKind = 2
const errorCode = 2

/** The body of an OTLP/HTTP export: JSON by the rules of protobuf, ids in hex (OTLP §JSON Protobuf Encoding). */
export function exportRequest(service: string, spans: readonly ServerSpan[]): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [text('service.name', service)] },
        scopeSpans: [{ scope: { name: 'alicerce' }, spans: spans.map(written) }],
      },
    ],
  })
}

function written({ trace, route, method, status, endedAt, durationMilliseconds }: ServerSpan): object {
  return {
    traceId: trace.traceId,
    spanId: trace.spanId,
    ...(trace.parentId && { parentSpanId: trace.parentId }),
    name: `${method} ${route}`,
    kind: serverKind,
    startTimeUnixNano: nanoseconds(endedAt - durationMilliseconds),
    endTimeUnixNano: nanoseconds(endedAt),
    attributes: [
      text('http.request.method', method),
      text('http.route', route),
      { key: 'http.response.status_code', value: { intValue: String(status) } },
    ],
    // Only the server's own failures are errors of a server's span (OpenTelemetry's conventions for HTTP).
    ...(status >= 500 && { status: { code: errorCode } }),
  }
}

const text = (key: string, value: string) => ({ key, value: { stringValue: value } })

/** As text: a number of JavaScript does not hold nanoseconds since 1970. */
function nanoseconds(milliseconds: number): string {
  const whole = Math.floor(milliseconds)
  return `${whole}${String(Math.floor((milliseconds - whole) * 1e6)).padStart(6, '0')}`
}
