import { valuesOf } from '#src/edge/header-names.ts'
import { readCacheControl } from './cache-control.ts'
import type { OutputCachePolicy } from './output-cache-policy.ts'
import { explicitLifetime, type FreshAnswer, impliedLifetime } from './stored-answer.ts'
import { varyNames } from './vary.ts'

/** Final statuses that we understand and that may be for others too. What one client's faulty request brought about, such as 400, 405 or 414, is not. */
const understood = new Set([200, 203, 204, 300, 301, 308, 404, 410])

/** What of a request decides whether its answer may be kept. */
export type AskedWith = {
  /** Whether it said who asks. */
  readonly hasCredentials: boolean
  readonly hasCookies: boolean
  /** Whether the answer is kept for this user alone. */
  readonly isPrivate: boolean
}

/** Whether an answer may be kept (RFC 9111 §3, §3.5). */
export function isStorable(answer: FreshAnswer, policy: OutputCachePolicy, asked: AskedWith): boolean {
  const { status, headers, receivedAt } = answer
  if (!understood.has(status) || valuesOf(headers, 'set-cookie').length > 0) return false
  const vary = varyNames(headers)
  if (vary === 'any' || isEventStream(headers)) return false
  const control = readCacheControl(headers)
  const says = (...names: string[]) => names.some((name) => control.has(name))
  if (says('no-store') || (says('private') && !asked.isPrivate)) return false
  if (asked.hasCredentials && !asked.isPrivate && !says('public', 's-maxage', 'must-revalidate')) return false
  const explicit = explicitLifetime(headers, control, asked.isPrivate, receivedAt)
  // A page made for whoever is signed in by a cookie often says nothing, or only that it be validated: its date would confirm it to another.
  const isTold = [...vary, ...policy.varyByHeaders].includes('cookie')
  if (asked.hasCookies && !isTold && !says('public') && !explicit) return false
  return Boolean(explicit ?? impliedLifetime(status, policy)) || hasValidator(headers)
}

const hasValidator = (headers: readonly string[]) =>
  valuesOf(headers, 'etag').length > 0 || valuesOf(headers, 'last-modified').length > 0

/** It has no end. */
const isEventStream = (headers: readonly string[]) =>
  /^text\/event-stream\b/i.test(valuesOf(headers, 'content-type')[0] ?? '')
