import { refillOf, segmentsOf } from '#src/check-rate-limit.ts'
import type { RateLimit } from '#src/index.ts'

/** Whether a take is admitted. Called in the order of time, and told of each take. */
type Model = (now: number, cost: number) => boolean

/** The algorithms as one would explain them: they remember everything, and are in no hurry. */
export const models: Record<RateLimit['algorithm'], (limit: RateLimit) => Model> = {
  'fixed-window': (limit) => {
    let begin = Number.NEGATIVE_INFINITY
    let taken: number[] = []
    return (now, cost) => {
      if (now >= begin + limit.windowMilliseconds) {
        begin = now
        taken = []
      }
      return admit(limit, taken, cost)
    }
  },

  'sliding-window': (limit) => {
    const segmentOf = (at: number) => Math.floor((at * segmentsOf(limit)) / limit.windowMilliseconds)
    const all: { at: number; cost: number }[] = []
    return (now, cost) => {
      const counting = all.filter(({ at }) => segmentOf(now) - segmentOf(at) <= segmentsOf(limit))
      const allowed = admit(
        limit,
        counting.map((each) => each.cost),
        cost,
      )
      if (allowed) all.push({ at: now, cost })
      return allowed
    }
  },

  // A drop falls into the bucket each millisecond.
  'token-bucket': (limit) => {
    const token = limit.windowMilliseconds
    const full = limit.permits * token
    let level = full
    let last: number | undefined
    return (now, cost) => {
      for (let time = last ?? now; time < now; time++) level = Math.min(full, level + refillOf(limit))
      last = now
      const allowed = cost * token <= level
      if (allowed) level -= cost * token
      return allowed
    }
  },
}

function admit(limit: RateLimit, taken: number[], cost: number): boolean {
  const allowed = taken.reduce((sum, each) => sum + each, 0) + cost <= limit.permits
  if (allowed) taken.push(cost)
  return allowed
}
