import { valuesOf, without } from '#src/edge/header-names.ts'
import type { AnswerStore } from './answer-store.ts'
import type { Asked } from './asked.ts'
import { isStorable } from './storable.ts'
import { type FreshAnswer, mergedHeaders, type StoredAnswer, toStored } from './stored-answer.ts'
import { toldApartBy } from './vary.ts'

/**
 * What the answer to HEAD tells of the one to GET that is stored (RFC 9111 §4.3.5): where it is of the same, that is fresh anew, and where it is of another,
 * that goes. An answer that says nothing by which the two could be held against each other changes nothing.
 */
export function noteHeadAnswer(
  store: AnswerStore,
  asked: Asked,
  stored: StoredAnswer,
  answer: FreshAnswer,
): void {
  // Whoever changed what is stored since this was asked knows better.
  if (answer.status !== 200 || store.find(asked) !== stored) return
  const likeness = compare(stored, answer.headers)
  if (likeness === 'unknown') return
  const { policy } = asked.partition
  const headers = without(mergedHeaders(stored, answer.headers), 'set-cookie')
  const renewed = { ...answer, status: stored.status, headers }
  if (likeness === 'other' || !isStorable(renewed, policy, asked)) {
    store.remove(asked, stored)
    return
  }
  const names = toldApartBy(headers, policy.varyByHeaders)
  store.put(asked, names, toStored(renewed, stored.body, { policy, isPrivate: asked.isPrivate }))
}

function compare(stored: StoredAnswer, headers: readonly string[]): 'same' | 'other' | 'unknown' {
  const [tag] = valuesOf(headers, 'etag')
  const [modified] = valuesOf(headers, 'last-modified')
  const [length] = valuesOf(headers, 'content-length')
  const differs =
    (tag !== undefined && tag !== stored.entityTag) ||
    (modified !== undefined && modified !== stored.lastModified) ||
    (length !== undefined && Number(length) !== stored.body.length)
  if (differs) return 'other'
  return tag === undefined && modified === undefined ? 'unknown' : 'same'
}
