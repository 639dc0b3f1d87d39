import { randomFillSync } from 'node:crypto'

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
  const spanId = createSpanId()
  const [, version, traceId, parentId, flags, rest] = form.exec(traceparent ?? '') ?? []
  const usable = version && version !== 'ff' && !(version === '00' && rest) && traceId && parentId && flags
  if (!usable || /^0+$/.test(traceId) || /^0+$/.test(parentId)) {
    return { traceId: randomHex(16), spanId, flags: '01' }
  }
  return { traceId, spanId, flags: (Number.parseInt(flags, 16) & 1).toString().padStart(2, '0') }
}

/** The id of a further step. */
export const createSpanId = (): string => randomHex(8)

/** Random bytes are fetched in advance: many at once cost no more than a few. */
const pool = Buffer.allocUnsafe(4096)
let used = pool.length

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += bytes
  return pool.toString('hex', used - bytes, used)
}

/** The `traceparent` header to send along with what this step causes. */
export function formatTraceparent({ traceId, spanId, flags }: TraceContext): string {
  return `00-${traceId}-${spanId}-${flags}`
}
