import { invalidationTopic } from '../cache-class/invalidations.ts'
import type { FirstLevel } from '../first-level/first-level.ts'
import type { Turns } from '../flight/turns.ts'
import { type OutboxPort, type StartTimer, within } from '../ports.ts'
import type { BreakerState } from '../store/breaker.ts'
import type { CacheStore } from '../store/cache-store.ts'
import type { Trust } from '../trust/trust.ts'
import type { ClassFigures } from './class-figures.ts'
import type { InvalidationFigures, Teller } from './teller.ts'

/** How a cache is at the moment, and what was counted since this process began. Times in milliseconds. */
export type CacheFigures = {
  namespace: string
  /** Whether its answers are certain to keep the bound on staleness. */
  trusted: boolean
  /** How old at most what is missing in an answer is; `Infinity`: nobody knows. */
  staleness: number
  firstLevel: { live: boolean; entries: number; bytes: number; resets: number }
  store: {
    breaker: BreakerState
    /** Keys that the store has dropped for want of memory since it began; `undefined`: it does not say. */
    evictedKeys: number | undefined
  }
  /** How long the oldest invalidation waits that is not delivered; `undefined`: there is no outbox, or it does not answer. */
  outboxAge: number | undefined
  invalidations: InvalidationFigures
  classes: (ClassFigures & { name: string; loading: number; waiting: number })[]
}

/** Nobody who looks at figures is kept longer. */
const patienceMilliseconds = 1000

/** What figures are read from. */
export type FigureSources = {
  namespace: string
  teller: Teller
  trust: Trust
  live: () => boolean
  firstLevel: Pick<FirstLevel<unknown>, 'entries' | 'bytes'>
  store: CacheStore
  outbox: Pick<OutboxPort<never>, 'oldestPending'> | undefined
  turnsOf: (name: string) => Pick<Turns, 'running' | 'waiting'> | undefined
  startTimer: StartTimer
}

/** Reads them. Only the outbox and the store are asked for something, each once. */
export async function readFigures(sources: FigureSources): Promise<CacheFigures> {
  const { namespace, teller, trust, live, firstLevel, store, outbox, turnsOf, startTimer } = sources
  // What does not answer is left out: figures are wanted most when something is away.
  const soon = <Result>(ask: (() => Promise<Result>) | undefined) =>
    ask &&
    within(
      patienceMilliseconds,
      Promise.try(ask).catch(() => undefined),
      startTimer,
    )
  const [outboxAge, evictedKeys] = await Promise.all([
    soon(outbox && (() => outbox.oldestPending(invalidationTopic))),
    soon(store.evictedKeys),
  ])
  return {
    namespace,
    trusted: trust.holds(),
    staleness: trust.age(),
    firstLevel: {
      live: live(),
      entries: firstLevel.entries,
      bytes: firstLevel.bytes,
      resets: teller.firstLevelResets,
    },
    store: { breaker: teller.breaker, evictedKeys },
    outboxAge,
    invalidations: structuredClone(teller.invalidations),
    classes: [...teller.classes].map(([name, counted]) => {
      const { running: loading = 0, waiting = 0 } = turnsOf(name) ?? {}
      return { name, loading, waiting, ...structuredClone(counted) }
    }),
  }
}
