import type { CacheEvent, CacheFigures } from '@alicerce/cache-aside'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { type CacheMetric, cacheMetrics } from './cache-metric-table.ts'

/** A cache as its metrics see it. */
export type MeasuredCache = { figures(): Promise<CacheFigures> }

const seconds = (milliseconds: number) => milliseconds / 1000

/**
 * The metrics of caches. A cache counts by itself and is asked when metrics are read, so that a read costs nothing here; only loads, which
 * go to the database, are put in their bucket one by one.
 */
export function createCacheMetrics(registry: Registry, buckets: number[]) {
  const caches: MeasuredCache[] = []
  let reading: Promise<CacheFigures[]> | undefined
  const loads = new Histogram({
    name: 'cache_load_duration_seconds',
    help: 'Time of one call of a loader, by outcome: succeeded, timeout, abandoned, error',
    labelNames: ['class', 'outcome'],
    buckets,
    registers: [registry],
  })

  /** All metrics of one scrape ask together. */
  function figures(): Promise<CacheFigures[]> {
    reading ??= Promise.all(caches.map((cache) => cache.figures())).finally(() => {
      reading = undefined
    })
    return reading
  }

  function register({ kind, name, help, labels, samples }: CacheMetric): void {
    const settings = { name, help, labelNames: ['namespace', ...labels], registers: [registry] }
    const found = async () =>
      (await figures()).flatMap((of) =>
        samples(of).map(([own, value]) => [{ namespace: of.namespace, ...own }, value] as const),
      )
    // Nothing is awaited between the reset and the last sample, so that two scrapes do not mix.
    if (kind === 'gauge') {
      new Gauge({
        ...settings,
        async collect() {
          const now = await found()
          this.reset()
          for (const [own, value] of now) this.set(own, value)
        },
      })
    } else {
      new Counter({
        ...settings,
        async collect() {
          const now = await found()
          this.reset()
          for (const [own, value] of now) this.inc(own, value)
        },
      })
    }
  }

  return {
    /** Shows the figures of this cache from now on. */
    measure(cache: MeasuredCache): void {
      if (caches.length === 0) for (const metric of cacheMetrics) register(metric)
      caches.push(cache)
    },
    onEvent(event: CacheEvent): void {
      if (event.type === 'loaded') {
        loads.observe({ class: event.class, outcome: 'succeeded' }, seconds(event.durationMilliseconds))
      } else if (event.type === 'load-failed') {
        loads.observe({ class: event.class, outcome: event.reason }, seconds(event.durationMilliseconds))
      }
    },
  }
}
