import { type Exchange, RecentExchanges, type RecentSummary } from '@alicerce/reverse-proxy'

/** What became of the requests of a route in the last minute. */
export type RouteFigures = { readonly exchanges: RecentSummary; readonly furtherAttemptsPerSecond: number }

/** Counts what became of the requests of each route. */
export type LiveRates = {
  /** An exchange has ended. */
  note(exchange: Exchange): void
  of(route: string): RouteFigures
  /** Forgets the routes of older configurations, so that reloads do not pile up. */
  keepOnly(routes: Iterable<string>): void
}

type Counts = { exchanges: RecentExchanges; furtherAttempts: RecentExchanges | undefined }

/** `now`: in milliseconds. A route costs a few kilobytes from its first request on. */
export function createLiveRates(now: () => number = () => performance.now()): LiveRates {
  const counts = new Map<string, Counts>()
  return {
    note({ route, status, error, attempts, timings }) {
      if (!route) return
      const moment = now()
      let own = counts.get(route.id)
      if (!own) {
        own = { exchanges: new RecentExchanges(moment), furtherAttempts: undefined }
        counts.set(route.id, own)
      }
      own.exchanges.add(status >= 500 || error === 'ResponseBodyDestination', timings.total ?? 0, moment)
      if (attempts < 2) return
      own.furtherAttempts ??= new RecentExchanges(moment)
      for (let further = 1; further < attempts; further++) own.furtherAttempts.add(false, 0, moment)
    },
    of(route) {
      const moment = now()
      const own = counts.get(route)
      return {
        exchanges: own?.exchanges.read(moment) ?? none,
        furtherAttemptsPerSecond: own?.furtherAttempts?.read(moment).requestsPerSecond ?? 0,
      }
    },
    keepOnly(routes) {
      const kept = new Set(routes)
      for (const id of counts.keys()) if (!kept.has(id)) counts.delete(id)
    },
  }
}

const none: RecentSummary = { requestsPerSecond: 0, failuresPerSecond: 0, p50: undefined, p95: undefined }
