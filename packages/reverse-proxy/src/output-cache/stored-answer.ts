import { valuesOf, without } from '#src/edge/header-names.ts'
import { type CacheControl, millisecondsOf, readCacheControl } from './cache-control.ts'
import { readHttpDate } from './http-date.ts'
import type { OutputCachePolicy } from './output-cache-policy.ts'

/** An answer that is kept. It never changes; a validation replaces it. */
export type StoredAnswer = {
  readonly status: number
  /** Names in lower case and values in turn, without `age`. */
  readonly headers: readonly string[]
  readonly body: Buffer
  readonly control: CacheControl
  readonly entityTag: string | undefined
  readonly lastModified: string | undefined
  /** How long it is fresh, counted in its age. */
  readonly lifetimeMilliseconds: number
  /** How old it was when it came, at `receivedAt`. */
  readonly initialAgeMilliseconds: number
  readonly receivedAt: number
  /** Whether it is one user's own. */
  readonly isPrivate: boolean
}

/** An answer as it came from a service. */
export type FreshAnswer = {
  readonly status: number
  /** With `date`. */
  readonly headers: readonly string[]
  readonly sentAt: number
  readonly receivedAt: number
}

/** How long an answer is fresh: `s-maxage`, which is for shared caches, before `max-age` before `Expires` (RFC 9111 §4.2.1). */
export function explicitLifetime(
  headers: readonly string[],
  control: CacheControl,
  isPrivate: boolean,
  receivedAt: number,
): number | undefined {
  const said =
    (isPrivate ? undefined : millisecondsOf(control, 's-maxage')) ?? millisecondsOf(control, 'max-age')
  if (said !== undefined) return said
  const expires = valuesOf(headers, 'expires')
  if (expires.length === 0) return undefined
  const until = expires.length === 1 ? readHttpDate(expires[0]) : undefined
  // What is no date, such as 0, is in the past (RFC 9111 §5.3).
  return until === undefined ? 0 : Math.max(0, until - dateOf(headers, receivedAt))
}

/**
 * How long an answer is fresh where its service does not say it. Only successes are: an error or a redirect that one client's request brought
 * about is not kept for others unless the service says so.
 */
export const impliedLifetime = (status: number, { durationMilliseconds = 0 }: OutputCachePolicy) =>
  status === 200 || status === 203 || status === 204 ? durationMilliseconds : 0

/** An answer without a date is given that of its coming (RFC 9110 §6.6.1). */
export const dated = (headers: readonly string[], receivedAt: number): readonly string[] =>
  valuesOf(headers, 'date').length > 0 ? headers : [...headers, 'date', new Date(receivedAt).toUTCString()]

/** Makes what is kept of an answer. */
export function toStored(
  { status, headers, sentAt, receivedAt }: FreshAnswer,
  body: Buffer,
  { policy, isPrivate }: { policy: OutputCachePolicy; isPrivate: boolean },
): StoredAnswer {
  const control = readCacheControl(headers)
  const explicit = explicitLifetime(headers, control, isPrivate, receivedAt)
  return {
    ...{ status, body, control, isPrivate, receivedAt },
    headers: notKept.reduce<readonly string[]>(without, headers),
    entityTag: valuesOf(headers, 'etag')[0],
    lastModified: valuesOf(headers, 'last-modified')[0],
    lifetimeMilliseconds: explicit ?? impliedLifetime(status, policy),
    initialAgeMilliseconds: initialAge(headers, sentAt, receivedAt),
  }
}

/** `Age` is computed anew; how long the service took for one client says nothing of the next answer. */
const notKept = ['age', 'server-timing']

/** The current age (RFC 9111 §4.2.3). */
export const ageOf = ({ initialAgeMilliseconds, receivedAt }: StoredAnswer, now: number) =>
  initialAgeMilliseconds + Math.max(0, now - receivedAt)

/** The larger of what the date says, and of what the caches on the way say with the time that the answer took. */
function initialAge(headers: readonly string[], sentAt: number, receivedAt: number): number {
  // A date has whole seconds, so what is left of one says nothing.
  const apparent = Math.max(0, Math.floor((receivedAt - dateOf(headers, receivedAt)) / 1000) * 1000)
  const [, age = '0'] = /^\s*(\d{1,10})\s*(?:,|$)/.exec(valuesOf(headers, 'age')[0] ?? '') ?? []
  const told = Number(age) * 1000
  return Math.max(apparent, told + Math.max(0, receivedAt - sentAt))
}

const dateOf = (headers: readonly string[], otherwise: number): number =>
  readHttpDate(valuesOf(headers, 'date')[0]) ?? otherwise

/** What a 304 may not change: the body that is stored could not be read by it (RFC 9111 §3.2). Its type may change. */
const ofBody = new Set(['content-length', 'content-encoding', 'content-range'])

/** A stored answer's headers with those of the 304 that confirmed it (RFC 9111 §4.3.4). */
export function mergedHeaders(stored: StoredAnswer, confirming: readonly string[]): string[] {
  const news: string[] = []
  for (let index = 0; index < confirming.length; index += 2) {
    const name = confirming[index] as string
    if (!ofBody.has(name)) news.push(name, confirming[index + 1] as string)
  }
  const replaced = new Set(news.filter((_, index) => index % 2 === 0))
  const kept = stored.headers.filter((_, index, all) => !replaced.has(all[index - (index % 2)] as string))
  return [...kept, ...news]
}
