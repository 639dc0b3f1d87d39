import type { Outcome } from '../rate-limit.ts'

/** A window that has begun: how much of it is used, and when it ends. */
export type FixedWindow = { used: number; end: number }

/** Counts within a window that begins with the first take. `now`, whole milliseconds, must not go back. */
export function takeFromFixedWindow(
  limit: { permits: number; windowMilliseconds: number },
  before: FixedWindow | undefined,
  cost: number,
  now: number,
): { state: FixedWindow; outcome: Outcome } {
  const current = before && before.end > now ? before : { used: 0, end: now + limit.windowMilliseconds }
  const allowed = current.used + cost <= limit.permits
  const state = allowed ? { used: current.used + cost, end: current.end } : current
  const left = current.end - now
  return {
    state,
    outcome: {
      allowed,
      remaining: limit.permits - state.used,
      retryAfterMilliseconds: allowed ? 0 : left,
      resetMilliseconds: left,
    },
  }
}
