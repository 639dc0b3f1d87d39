import type { NoTurnReason } from '../flight/turns.ts'
import type {
  CacheEvent,
  CacheReadReport,
  Degraded,
  FillRefusal,
  LoadFailure,
  ReadSource,
  StaleReason,
} from './events.ts'

/** What was counted of one class since this process began. Times in milliseconds. */
export type ClassFigures = {
  reads: Record<ReadSource, number>
  /** Reads that went around the cache, or whose value it did not keep. */
  bypasses: Record<Degraded, number>
  /** Answered although it was not certain that no invalidation is late, by `untrusted: 'serve'`. */
  untrustedServed: number
  staleServed: Record<StaleReason, number>
  loads: { succeeded: number; milliseconds: number } & Record<LoadFailure, number>
  loadsRefused: Record<NoTurnReason, number>
  waits: { answered: number; gaveUp: number; milliseconds: number }
  refreshes: Record<'succeeded' | 'failed' | 'gone', number>
  fillsRefused: Record<FillRefusal, number>
  undecodable: number
}

/** Nothing has happened. */
export function createClassFigures(): ClassFigures {
  return {
    reads: { l1: 0, joined: 0, redis: 0, database: 0 },
    bypasses: { 'store-unavailable': 0, untrusted: 0, 'lease-wait': 0, contended: 0, 'too-large': 0 },
    untrustedServed: 0,
    staleServed: { revalidating: 0, 'fail-safe': 0 },
    loads: { succeeded: 0, timeout: 0, abandoned: 0, error: 0, milliseconds: 0 },
    loadsRefused: { 'queue-full': 0, 'queue-timeout': 0 },
    waits: { answered: 0, gaveUp: 0, milliseconds: 0 },
    refreshes: { succeeded: 0, failed: 0, gone: 0 },
    fillsRefused: {
      'lease-lost': 0,
      'entry-changed': 0,
      'store-unavailable': 0,
      'too-large': 0,
      'new-tags': 0,
    },
    undecodable: 0,
  }
}

/** On the way of every hit: it only adds. */
export function countRead(figures: ClassFigures, { source, stale, degraded }: CacheReadReport): void {
  figures.reads[source]++
  if (stale) figures.staleServed[stale.reason]++
  if (!degraded) return
  if (source === 'database') figures.bypasses[degraded]++
  else if (degraded === 'untrusted') figures.untrustedServed++
}

type ClassEvent = Extract<CacheEvent, { class: string }>

/** Counts an event of a class. */
export function countEvent(figures: ClassFigures, event: ClassEvent): void {
  switch (event.type) {
    case 'loaded':
      figures.loads.succeeded++
      figures.loads.milliseconds += event.durationMilliseconds
      return
    case 'load-failed':
      figures.loads[event.reason]++
      figures.loads.milliseconds += event.durationMilliseconds
      return
    case 'load-refused':
      figures.loadsRefused[event.reason]++
      return
    case 'waited':
      figures.waits[event.answered ? 'answered' : 'gaveUp']++
      figures.waits.milliseconds += event.durationMilliseconds
      return
    case 'refreshed':
      figures.refreshes[event.outcome]++
      return
    case 'fill-refused':
      figures.fillsRefused[event.reason]++
      return
    case 'entry-undecodable':
      figures.undecodable++
      return
    case 'fail-safe-served': // counted as the read that it was
  }
}
