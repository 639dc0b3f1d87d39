import { channel } from 'node:diagnostics_channel'
import type { CacheLog } from '../ports.ts'
import type { BreakerState } from '../store/breaker.ts'
import { type ClassFigures, countEvent, countRead, createClassFigures } from './class-figures.ts'
import type { CacheEvent, CacheReadReport, InvalidationWay } from './events.ts'

const events = channel('alicerce.cache-aside')

/** Keys that were invalidated, or were to be. */
export type InvalidationFigures = Record<InvalidationWay, { delivered: number; failed: number }>

/** Counts what happens in a cache, and tells whoever listens. */
export type Teller = {
  read(report: CacheReadReport): void
  tell(event: CacheEvent): void
  readonly classes: ReadonlyMap<string, ClassFigures>
  readonly invalidations: InvalidationFigures
  readonly firstLevelResets: number
  readonly breaker: BreakerState
  /** Begins to count a class. */
  addClass(name: string): void
}

/** A listener that throws harms nothing: the log is told of it once, not at each of a million reads. */
export function createTeller(options: {
  onRead?: ((report: CacheReadReport) => void) | undefined
  onEvent?: ((event: CacheEvent) => void) | undefined
  log: CacheLog
}): Teller {
  const { onRead, onEvent, log } = options
  const classes = new Map<string, ClassFigures>()
  const none = () => ({ delivered: 0, failed: 0 })
  const invalidations: InvalidationFigures = { 'at-once': none(), relay: none(), outside: none() }
  let firstLevelResets = 0
  let breaker: BreakerState = 'closed'
  const complained = new Set<string>()

  function complain(about: 'reads' | 'events', error: unknown): void {
    if (complained.has(about)) return
    complained.add(about)
    log.warn({ error: String(error) }, `The listener to ${about} of the cache failed; this is told once`)
  }

  function count(event: CacheEvent): void {
    if ('class' in event) countEvent(classes.get(event.class) as ClassFigures, event)
    else if (event.type === 'first-level-reset') firstLevelResets++
    else if (event.type === 'breaker-changed') breaker = event.state
    else if (event.type === 'invalidated') {
      invalidations[event.way][event.delivered ? 'delivered' : 'failed'] += event.keys
    }
  }

  return {
    classes,
    invalidations,
    get firstLevelResets() {
      return firstLevelResets
    },
    get breaker() {
      return breaker
    },
    addClass: (name) => void classes.set(name, createClassFigures()),
    read(report) {
      countRead(classes.get(report.class) as ClassFigures, report)
      if (!onRead) return
      try {
        onRead(report)
      } catch (error) {
        complain('reads', error)
      }
    },
    tell(event) {
      count(event)
      if (events.hasSubscribers) events.publish(event)
      if (!onEvent) return
      try {
        onEvent(event)
      } catch (error) {
        complain('events', error)
      }
    },
  }
}
