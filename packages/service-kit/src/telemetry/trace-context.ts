import { randomBytes } from 'node:crypto'

/** Where a request stands in its trace (W3C Trace Context). */
export type TraceContext = {
  /** 32 hex digits: the same in every service that the request passes. */
  readonly traceId: string
  /** 16 hex digits: this service's own step. */
  readonly spanId: string
  /** Two hex digits; `01` = sampled. */
  readonly flags: string
}

const form = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/** Continues the trace of a `traceparent` header with a step of its own, or starts one where there is none or a broken one. */
export function continueTrace(traceparent: string | undefined): TraceContext {
  const spanId = randomBytes(8).toString('hex')
  const [, version, traceId, parentId, flags, rest] = form.exec(traceparent ?? '') ?? []
  const usable = version && version !== 'ff' && !(version === '00' && rest) && traceId && parentId && flags
  if (!usable || /^0+$/.test(traceId) || /^0+$/.test(parentId)) {
    return { traceId: randomBytes(16).toString('hex'), spanId, flags: '01' }
  }
  return { traceId, spanId, flags: (Number.parseInt(flags, 16) & 1).toString().padStart(2, '0') }
}

/** The `traceparent` header to send along with what this step causes. */
export function formatTraceparent({ traceId, spanId, flags }: TraceContext): string {
  return `00-${traceId}-${spanId}-${flags}`
}
