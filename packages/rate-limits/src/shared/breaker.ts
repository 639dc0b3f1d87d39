import type { Clock } from '../ports.ts'

/** `open`: Redis is not asked. `half-open`: one take asks whether it is back. */
export type BreakerState = 'closed' | 'open' | 'half-open'

/** One call that the breaker let pass; its outcome must be told. */
export type Passage = { succeeded(): void; failed(cause: unknown): void }

/** Leaves a failing Redis alone. */
export type Breaker = {
  /** Lets a call pass, or `undefined`: do not even try. */
  enter(): Passage | undefined
}

const failuresInARow = 3
const openMilliseconds = 1000

/**
 * Opens after three failures in a row, stays open for a second (a quarter more or less, so that the instances do not all come back in one
 * moment), then lets a single call probe: its outcome closes or opens again.
 */
export function createBreaker(options: {
  clock: Clock
  /** From 0 to below 1. */
  random: () => number
  /** Told of each change; `cause` is the last failure. */
  changed: (state: BreakerState, cause?: unknown) => void
}): Breaker {
  const { clock, random, changed } = options
  let state: BreakerState = 'closed'
  let failures = 0
  let openUntil = 0

  function become(next: BreakerState, cause?: unknown): void {
    state = next
    failures = 0
    if (next === 'open') openUntil = clock.now() + openMilliseconds * (0.75 + random() / 2)
    changed(next, cause)
  }

  // What was under way when it opened decides nothing any more.
  const ordinary: Passage = {
    succeeded() {
      failures = 0
    },
    failed(cause) {
      if (state !== 'closed') return
      failures++
      if (failures >= failuresInARow) become('open', cause)
    },
  }
  const probe: Passage = {
    succeeded: () => become('closed'),
    failed: (cause) => become('open', cause),
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
