import type { ClassTraits } from '../policy/policy.ts'

/**
 * Under which keys the marks stand that an entry carries: those of its id, then those of its value, each once. The same value has the same
 * keys in the same order; one whose tags are computed otherwise by now carries other marks, and is void.
 */
export function markKeysOf(
  { valueTags, tagKeyOf }: Pick<ClassTraits, 'valueTags' | 'tagKeyOf'>,
  ofId: readonly string[],
  value: unknown,
): readonly string[] {
  if (!valueTags || value === undefined) return ofId
  return [...new Set([...ofId, ...valueTags(value).map(tagKeyOf)])]
}
