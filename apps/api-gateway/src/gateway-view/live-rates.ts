import { type Exchange, type RecentCounts, RecentExchanges } from '@alicerce/reverse-proxy'

/** What became of the requests of a route in the last minute. */
export type RouteFigures = { readonly exchanges: RecentCounts; readonly furtherAttempts: RecentCounts }

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
        exchanges: own?.exchanges.counts(moment) ?? none,
        furtherAttempts: own?.furtherAttempts?.counts(moment) ?? none,
      }
    },
    keepOnly(routes) {
      const kept = new Set(routes)
      for (const id of counts.keys()) if (!kept.has(id)) counts.delete(id)
    },
  }
}

const none: RecentCounts = { seconds: 1, requests: 0, failures: 0, durations: [] }
