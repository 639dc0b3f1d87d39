import type { Section } from './section.ts'

/** What a client may ask of the proxy, on every route. */
export type Limits = {
  /** Of a request's target, in bytes. */
  readonly target: number
  /** Of a body, in bytes, where a route has no `MaxRequestBodySize`. */
  readonly body: number
  /** How long a client may send nothing of a body that it has begun. */
  readonly bodyIdleMilliseconds: number
  /** Bytes in a second that a client must send of a body, once 5 s have passed; 0 = any. */
  readonly bodyMinimumRate: number
  /** Bytes in a second that a client must take of an answer, while the proxy waits for it; 0 = any. */
  readonly answerMinimumRate: number
}

/** All of a request's head is at most 16 KiB: a longer target would never be heard of. */
export const longestTarget = 16_000

/** Reads `Limits`, a section of our own. All of it is optional. */
export function readLimits(root: Section): Limits {
  const section = root.sectionOrEmpty('Limits')
  const limits = {
    target: readWhole(section, 'Target', 1) ?? 8192,
    body: readWhole(section, 'Body', 0) ?? 30_000_000,
    bodyIdleMilliseconds: section.timeSpan('BodyIdle') ?? 10_000,
    bodyMinimumRate: readWhole(section, 'BodyMinimumRate', 0) ?? 240,
    answerMinimumRate: readWhole(section, 'AnswerMinimumRate', 0) ?? 240,
  }
  if (limits.target > longestTarget)
    section.fault('Target', 'is longer than a request’s head may be', `Write at most ${longestTarget}`)
  section.end()
  return limits
}

function readWhole(section: Section, key: string, least: number): number | undefined {
  const number = section.number(key)
  if (number !== undefined && !(Number.isSafeInteger(number) && number >= least))
    section.fault(key, `is not a whole number from ${least} on`, 'Write such as 1000')
  return number
}
