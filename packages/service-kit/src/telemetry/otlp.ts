/** One step of a trace, when it has ended. Times are milliseconds since 1970. */
export type Span = {
  readonly traceId: string
  readonly spanId: string
  /** The step that caused it; `undefined` where the trace begins with it. */
  readonly parentSpanId: string | undefined
  /** Answering a request, or sending one. */
  readonly kind: 'server' | 'client'
  /** Never a URL, of which there is no end. */
  readonly name: string
  readonly startedAt: number
  readonly endedAt: number
  readonly hasFailed: boolean
  /** By OpenTelemetry's names where it has one; those that are `undefined` are left out. Numbers are whole. */
  readonly attributes: Readonly<Record<string, string | number | undefined>>
}

/** `SPAN_KIND_SERVER`, `SPAN_KIND_CLIENT` and `STATUS_CODE_ERROR` of the protocol. */
const kinds = { server: 2, client: 3 }
const failed = { code: 2 }

/** The body of an OTLP/HTTP export: JSON by the rules of protobuf, ids in hex (OTLP §JSON Protobuf Encoding). */
export function exportRequest(service: string, spans: readonly Span[]): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: written({ 'service.name': service }) },
        scopeSpans: [{ scope: { name: 'alicerce' }, spans: spans.map(writtenSpan) }],
      },
    ],
  })
}

function writtenSpan({
  kind,
  startedAt,
  endedAt,
  hasFailed,
  attributes,
  parentSpanId,
  ...span
}: Span): object {
  return {
    ...span,
    ...(parentSpanId && { parentSpanId }),
    kind: kinds[kind],
    startTimeUnixNano: nanoseconds(startedAt),
    endTimeUnixNano: nanoseconds(endedAt),
    attributes: written(attributes),
    ...(hasFailed && { status: failed }),
  }
}

const written = (attributes: Span['attributes']) =>
  Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined
      ? []
      : { key, value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value } },
  )

/** As text: a number of JavaScript does not hold nanoseconds since 1970. */
function nanoseconds(milliseconds: number): string {
  const whole = Math.floor(milliseconds)
  return `${whole}${String(Math.floor((milliseconds - whole) * 1e6)).padStart(6, '0')}`
}
