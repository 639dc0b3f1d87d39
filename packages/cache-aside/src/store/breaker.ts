import type { Clock } from '../ports.ts'

/** One call that the breaker let pass; its outcome must be told. */
export type Passage = { succeeded(): void; failed(): void }

/** `open`: nothing is sent. `half-open`: one call finds out whether that may end. */
export type BreakerState = 'closed' | 'open' | 'half-open'

/** Leaves a failing store alone. */
export type Breaker = {
  /** Lets a call pass, or `undefined`: do not even try. */
  enter(): Passage | undefined
}

const outcomes = 20
const fewestOutcomes = 5
const failureRatio = 0.5
const openMilliseconds = 1000

/**
 * Opens when half of the last 20 calls (at least 5) failed, stays open for a second, then lets a single call probe: its outcome closes or
 * opens again. One error among many successes opens nothing.
 */
export function createBreaker(clock: Clock, changed: (state: BreakerState) => void = () => {}): Breaker {
  let recent: boolean[] = []
  let state: BreakerState = 'closed'
  let openUntil = 0

  function become(next: BreakerState): void {
    state = next
    changed(next)
  }

  function open(): void {
    openUntil = clock.now() + openMilliseconds
    recent = []
    become('open')
  }

  function record(success: boolean): void {
    if (state !== 'closed') return // of a call that was under way when it opened
    recent.push(success)
    if (recent.length > outcomes) recent.shift()
    const failures = recent.filter((each) => !each).length
    if (recent.length >= fewestOutcomes && failures / recent.length >= failureRatio) open()
  }

  const ordinary: Passage = { succeeded: () => record(true), failed: () => record(false) }
  const probe: Passage = {
    succeeded: () => become('closed'),
    failed: open,
  }

  return {
    enter() {
      if (state === 'closed') return ordinary
      if (state === 'half-open' || clock.now() < openUntil) return undefined
      become('half-open')
      return probe
    },
  }
}
