import { AsyncLocalStorage } from 'node:async_hooks'
import { formatTraceparent, type TraceContext } from './trace-context.ts'

/** How one read went through the cache; the report that cache-aside gives. */
export type CacheRead = {
  class: string
  source: 'l1' | 'redis' | 'database' | 'joined'
  durationMilliseconds: number
  ttlMilliseconds?: number
  /** Of a hit: how long ago it was loaded. */
  ageMilliseconds?: number
  degraded?: string
}

/** What is known of the request at work, wherever in the code it is. */
export type RequestContext = {
  readonly trace: TraceContext
  /** `performance.now()` at its beginning. */
  readonly startedAt: number
  readonly cacheReads: CacheRead[]
  /** How old at most what is missing in what the cache answered is, milliseconds. */
  cacheBehindMilliseconds: number
  readonly queries: { count: number; durationMilliseconds: number }
  /** What the sender says that he wrote a moment ago, as he sent it. */
  readonly consistencyToken: string | undefined
}

/** Carries the context along the asynchronous calls of one request. */
export const requestContexts = new AsyncLocalStorage<RequestContext>()

/** A context for a request that begins now. */
export function createRequestContext(trace: TraceContext, consistencyToken?: string): RequestContext {
  return {
    trace,
    startedAt: performance.now(),
    cacheReads: [],
    cacheBehindMilliseconds: 0,
    queries: { count: 0, durationMilliseconds: 0 },
    consistencyToken,
  }
}

/** Runs `work` as the request at work: for servers that are not made by `createHttpApp`. What it logs and causes then carries the trace. */
export function withRequestContext<Result>(trace: TraceContext, work: () => Result): Result {
  return requestContexts.run(createRequestContext(trace), work)
}

/** The trace id of the request at work; `undefined` outside of requests. */
export function currentTraceId(): string | undefined {
  return requestContexts.getStore()?.trace.traceId
}

/** The `traceparent` to give to whatever the request at work causes: calls, events. `undefined` outside of requests. */
export function currentTraceparent(): string | undefined {
  const context = requestContexts.getStore()
  return context && formatTraceparent(context.trace)
}
