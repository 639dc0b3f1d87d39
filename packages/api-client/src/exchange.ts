import {
  type CacheStatusEntry,
  parseCacheStatus,
  parseServerTiming,
  type ServerTimingEntry,
} from './timing.ts'

/** One request and what its response told of its way. Kept in memory only; holds no token and no body. */
export type Exchange = {
  id: number
  method: string
  /** With its query, from the root of the API. */
  path: string
  status: number
  /** Time of day in epoch milliseconds at which the request left. */
  startedAt: number
  /** Milliseconds from sending the request to the headers of its response, as the browser saw them. */
  duration: number
  traceId: string | undefined
  timings: ServerTimingEntry[]
  caches: CacheStatusEntry[]
}

let lastId = 0

/** Describes the exchange that `response` ends. */
export function exchangeOf(
  request: Request,
  response: Response,
  times: { startedAt: number; duration: number },
): Exchange {
  const url = new URL(request.url)
  return {
    id: ++lastId,
    method: request.method,
    path: url.pathname + url.search,
    status: response.status,
    ...times,
    traceId: response.headers.get('trace-id') ?? undefined,
    timings: parseServerTiming(response.headers.get('server-timing')),
    caches: parseCacheStatus(response.headers.get('cache-status')),
  }
}
