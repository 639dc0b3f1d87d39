import { valuesOf } from '#src/edge/header-names.ts'
import { elementsOf } from '#src/edge/list-elements.ts'
import { readHttpDate } from './http-date.ts'
import type { StoredAnswer } from './stored-answer.ts'

/** The client's own, which we answer ourselves (RFC 9111 §4.3.2). */
export const conditionNames = ['if-none-match', 'if-modified-since']

/** Whether the client has this answer already. `asked` and `answer`: headers, names and values in turn. */
export function isNotModified(asked: readonly string[], answer: readonly string[]): boolean {
  const tags = valuesOf(asked, 'if-none-match').flatMap((line) => elementsOf(line, ','))
  if (tags.length > 0) {
    const [tag] = valuesOf(answer, 'etag')
    return tags.includes('*') || (tag !== undefined && tags.some((one) => isSameTag(one, tag)))
  }
  const since = readHttpDate(valuesOf(asked, 'if-modified-since')[0])
  const modified = readHttpDate(valuesOf(answer, 'last-modified')[0])
  return since !== undefined && modified !== undefined && modified <= since
}

/** Weak comparison (RFC 9110 §8.8.3.2). */
export const isSameTag = (one: string, other: string) => opaque(one) === opaque(other)

const opaque = (tag: string) => tag.trim().replace(/^W\//, '')

/** The headers that ask a service whether a stored answer still holds (RFC 9111 §4.3.1). */
export function validatingHeaders(stored: StoredAnswer | undefined): string[] {
  const { entityTag, lastModified } = stored ?? {}
  return [
    ...(entityTag === undefined ? [] : ['if-none-match', entityTag]),
    ...(lastModified === undefined ? [] : ['if-modified-since', lastModified]),
  ]
}
