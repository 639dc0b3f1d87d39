/** One step of a trace, when it has ended. Times are milliseconds of `performance.now()`. */
export type Span = {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  /** Answering a request, or sending one. */
  readonly kind: 'server' | 'client'
  readonly name: string
  readonly startedAt: number
  readonly endedAt: number
  readonly hasFailed: boolean
  /** By OpenTelemetry's names where it has one; those that are `undefined` are left out. */
  readonly attributes: Readonly<Record<string, string | number | undefined>>
}

const kinds = { server: 2, client: 3 }
const failed = { code: 2 }

/** Spans as a request of OTLP/HTTP in JSON (opentelemetry-proto, `ExportTraceServiceRequest`). */
export function otlpOf(spans: readonly Span[], serviceName: string): object {
  return {
    resourceSpans: [
      {
        resource: { attributes: attributesOf({ 'service.name': serviceName }) },
        scopeSpans: [{ scope: { name: 'alicerce' }, spans: spans.map(spanOf) }],
      },
    ],
  }
}

function spanOf({ kind, startedAt, endedAt, hasFailed, attributes, parentSpanId, ...span }: Span): object {
  return {
    ...span,
    ...(parentSpanId && { parentSpanId }),
    kind: kinds[kind],
    startTimeUnixNano: nanosecondsOf(startedAt),
    endTimeUnixNano: nanosecondsOf(endedAt),
    attributes: attributesOf(attributes),
    ...(hasFailed && { status: failed }),
  }
}

/** To the microsecond, which is what a number can hold. */
const nanosecondsOf = (moment: number) => `${Math.round((performance.timeOrigin + moment) * 1000)}000`

const attributesOf = (attributes: Span['attributes']) =>
  Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined
      ? []
      : { key, value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value } },
  )
