import { type CacheControl, millisecondsOf } from './cache-control.ts'
import type { OutputCachePolicy } from './output-cache-policy.ts'
import { ageOf, type StoredAnswer } from './stored-answer.ts'

/** What a stored answer is good for: to be given, to be given while it is fetched anew, or to be confirmed by the service first. */
export type Reuse = 'fresh' | 'stale' | 'validate'

/** Decides by what the service and the client say (RFC 9111 §4.2, §5.2). */
export function reuseOf(
  stored: StoredAnswer,
  asked: CacheControl,
  policy: OutputCachePolicy,
  now: number,
): Reuse {
  const age = ageOf(stored, now)
  const left = stored.lifetimeMilliseconds - age
  const oldest = millisecondsOf(asked, 'max-age') ?? Number.POSITIVE_INFINITY
  const leastLeft = millisecondsOf(asked, 'min-fresh') ?? Number.NEGATIVE_INFINITY
  if (stored.control.has('no-cache') || asked.has('no-cache') || age >= oldest || left < leastLeft)
    return 'validate'
  if (left > 0) return 'fresh'
  const grace = graceOf(stored, 'stale-while-revalidate', policy.staleWhileRevalidateMilliseconds)
  return -left < grace ? 'stale' : 'validate'
}

/** Whether a stored answer may be given in the place of a failure (RFC 5861 §4). */
export function servesOnError(stored: StoredAnswer, policy: OutputCachePolicy, now: number): boolean {
  if (stored.control.has('no-cache')) return false
  const left = stored.lifetimeMilliseconds - ageOf(stored, now)
  return left > 0 || -left < graceOf(stored, 'stale-if-error', policy.staleIfErrorMilliseconds)
}

/** For how long after it was fresh an answer may be given. What the service says itself goes before the policy. */
function graceOf({ control, isPrivate }: StoredAnswer, directive: string, otherwise: number): number {
  const forbids = (...names: string[]) => names.some((name) => control.has(name))
  if (forbids('must-revalidate', 'no-cache') || (!isPrivate && forbids('proxy-revalidate'))) return 0
  const said = millisecondsOf(control, directive)
  // s-maxage asks for validation as proxy-revalidate does (RFC 9111 §5.2.2.10), unless the service itself allows otherwise beside it.
  return said ?? (!isPrivate && forbids('s-maxage') ? 0 : otherwise)
}
