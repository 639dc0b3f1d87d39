import type { Decoded } from '../entry/entry.ts'
import type { FirstLevel } from '../first-level/first-level.ts'
import type { Bypass } from '../flight/bypass.ts'
import type { Ending } from '../flight/ending.ts'
import type { Sleepers } from '../flight/wake.ts'
import type { Marks } from '../marks/marks.ts'
import type { Clock, StartTimer } from '../ports.ts'
import type { BreakerState } from '../store/breaker.ts'
import type { CacheStore } from '../store/cache-store.ts'
import type { CacheEvent, CacheReadReport } from '../telemetry/events.ts'
import type { Trust } from '../trust/trust.ts'

/** What all classes of a cache share. */
export type CacheParts = {
  store: CacheStore
  firstLevel: FirstLevel<Decoded>
  marks: Marks
  trust: Trust
  bypass: Bypass
  sleepers: Sleepers
  ending: Ending
  clock: Clock
  random: () => number
  startTimer: StartTimer
  report: (report: CacheReadReport) => void
  tell: (event: CacheEvent) => void
  /** Whether changes reach the first level, and how far the store is left alone: for whoever asks why. */
  firstLevelLive: () => boolean
  breaker: () => BreakerState
  /** Work that nobody waits for, but the closing of the cache. Its failure is of no consequence. */
  inBackground: (work: Promise<unknown>) => void
}
