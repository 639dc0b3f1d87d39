import type { Outcome } from '../rate-limit.ts'

/** How many permits were taken in which segment of time; the oldest segment first, and only those that still count. */
export type SlidingWindow = { segment: number; used: number }[]

/**
 * Counts by segments of time. Two counters weighed against each other would need less memory, but guess that takes were spread evenly, and
 * are wrong both ways where they were not. Here the segment that now is in counts together with as many before it as make a whole window, so
 * that no span of the window's length ever holds more than `permits`.
 * `now`, whole milliseconds, must not go back.
 */
export function takeFromSlidingWindow(
  limit: { permits: number; windowMilliseconds: number; segments: number },
  before: SlidingWindow | undefined,
  cost: number,
  now: number,
): { state: SlidingWindow; outcome: Outcome } {
  const { permits, windowMilliseconds: window, segments } = limit
  const current = Math.floor((now * segments) / window)
  const counting = (before ?? []).filter(({ segment }) => segment >= current - segments)
  const used = counting.reduce((sum, each) => sum + each.used, 0)
  const allowed = used + cost <= permits
  const state = allowed ? withTake(counting, current, cost) : counting
  /** When a segment counts no more: its own end is a whole window ago. */
  const leaves = (segment: number) => Math.ceil(((segment + segments + 1) * window) / segments) - now
  return {
    state,
    outcome: {
      allowed,
      remaining: permits - used - (allowed ? cost : 0),
      retryAfterMilliseconds: allowed ? 0 : leaves(segmentThatFrees(counting, used + cost - permits)),
      resetMilliseconds: leaves(state.at(-1)?.segment ?? current),
    },
  }
}

function withTake(counting: SlidingWindow, current: number, cost: number): SlidingWindow {
  const last = counting.at(-1)
  if (last?.segment !== current) return [...counting, { segment: current, used: cost }]
  return [...counting.slice(0, -1), { segment: current, used: last.used + cost }]
}

/** The segment with which so many permits will have come back. */
function segmentThatFrees(counting: SlidingWindow, needed: number): number {
  let freed = 0
  const found = counting.find(({ used }) => {
    freed += used
    return freed >= needed
  })
  return (found as SlidingWindow[number]).segment
}
