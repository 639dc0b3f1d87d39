import type { PathedKey, RecordedKey } from './recorded-keys.ts'
import { defaultOf } from './to-json-schema.ts'

/** One key, for people. */
export type KeyReference = {
  /** `*` stands for a name of the writer's, `[]` for a member of a list, `[Key]` for one that has that key. */
  readonly path: string
  /** What it may be, in words. */
  readonly kind: string
  /** As it is written; `undefined` where there is none. */
  readonly default: string | undefined
  readonly isRequired: boolean
  readonly description: string
}

export function referenceOf({ path, key, isRequired }: PathedKey, description: string): KeyReference {
  const fallback = isRequired ? undefined : defaultOf(key)
  const text = typeof fallback === 'string' ? fallback : JSON.stringify(fallback)
  return { path, kind: inWords(key), default: text, isRequired, description }
}

function inWords(key: RecordedKey): string {
  switch (key.kind) {
    case 'text':
      return 'text'
    case 'boolean':
      return 'true or false'
    case 'number':
      return 'number'
    case 'share':
      return 'number above 0, at most 1'
    case 'whole': {
      const { least, most } = key.range
      return most === undefined ? `whole number, ${least} or more` : `whole number, ${least} to ${most}`
    }
    case 'timeSpan':
      return 'time'
    case 'choice':
      return `one of ${key.values.join(', ')}`
    case 'choices':
      return `list of ${key.values.join(', ')}`
    case 'texts':
      return 'list of texts'
    case 'numbers':
      return 'list of numbers'
    case 'any':
      return 'anything'
    case 'section':
      return 'section'
    case 'named':
      return 'sections by name'
    case 'sections':
    case 'alternatives':
      return 'list of sections'
  }
}
