import type { CacheClassView, CacheView } from '@alicerce/api-client'
import { useRef } from 'react'

type Reads = CacheClassView['reads']

/** All of them. */
export const readsIn = ({ l1, joined, redis, database }: Reads): number => l1 + joined + redis + database

/** Part of the reads that the database was not asked for; `undefined`: nothing was read. */
export function hitRatio(reads: Reads): number | undefined {
  const all = readsIn(reads)
  return all === 0 ? undefined : (all - reads.database) / all
}

/** The reads of all classes. */
export const totalReads = (classes: readonly CacheClassView[]): Reads =>
  classes.reduce(
    (total, { reads }) => ({
      l1: total.l1 + reads.l1,
      joined: total.joined + reads.joined,
      redis: total.redis + reads.redis,
      database: total.database + reads.database,
    }),
    { l1: 0, joined: 0, redis: 0, database: 0 },
  )

/** How often a class was read between two views, a second. Counts that fell are those of processes that ended. */
export function ratesBetween(before: CacheView, after: CacheView): ReadonlyMap<string, number> {
  const seconds = (Date.parse(after.at) - Date.parse(before.at)) / 1000
  const counted = new Map(before.classes.map(({ name, reads }) => [name, readsIn(reads)]))
  return new Map(
    after.classes.map(({ name, reads }) => {
      const more = readsIn(reads) - (counted.get(name) ?? 0)
      return [name, seconds > 0 ? Math.max(0, more) / seconds : 0]
    }),
  )
}

/** The rates since the view before; `undefined` with the first one. */
export function useRates(view: CacheView): ReadonlyMap<string, number> | undefined {
  const seen = useRef<{ view: CacheView; rates: ReadonlyMap<string, number> | undefined }>(undefined)
  const last = seen.current
  if (last?.view.at !== view.at || last.view.namespace !== view.namespace) {
    const isSame = last?.view.namespace === view.namespace
    seen.current = { view, rates: isSame && last ? ratesBetween(last.view, view) : undefined }
  }
  return seen.current?.rates
}
