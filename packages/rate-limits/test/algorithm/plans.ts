import fc from 'fast-check'
import type { RateLimit } from '#src/index.ts'

/** A take, so many milliseconds after the one before. */
export type PlannedTake = { pause: number; cost: number }

const permits = fc.integer({ min: 1, max: 7 })
const windowMilliseconds = fc.integer({ min: 1, max: 40 })

/** Limits so small that a short plan goes beyond them, with windows that no number of segments or tokens divides. */
export const smallLimits: Record<RateLimit['algorithm'], fc.Arbitrary<RateLimit>> = {
  'fixed-window': fc.record({ algorithm: fc.constant('fixed-window' as const), permits, windowMilliseconds }),
  'sliding-window': windowMilliseconds.chain((window) =>
    fc.record({
      algorithm: fc.constant('sliding-window' as const),
      permits,
      windowMilliseconds: fc.constant(window),
      segments: fc.integer({ min: 1, max: Math.min(window, 12) }),
    }),
  ),
  'token-bucket': fc.record({
    algorithm: fc.constant('token-bucket' as const),
    permits,
    windowMilliseconds,
    refillPermits: fc.integer({ min: 1, max: 9 }),
  }),
}

/** Mostly bursts, with pauses of up to two windows now and then. */
export const plannedTakes: fc.Arbitrary<PlannedTake[]> = fc.array(
  fc.record({
    pause: fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 0, max: 6 }) },
      fc.integer({ min: 0, max: 80 }),
    ),
    cost: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, fc.integer({ min: 1, max: 7 })),
  }),
  { maxLength: 40 },
)
