import type { Range } from '#src/configuration/section.ts'

/** What readers ask of one key. */
export type RecordedKey =
  | { readonly kind: 'text' | 'boolean' | 'number' | 'share' | 'timeSpan'; readonly fallback?: Plain }
  | { readonly kind: 'whole'; readonly range: Range; readonly fallback?: Plain }
  | {
      readonly kind: 'choice' | 'choices'
      readonly values: readonly string[]
      readonly fallback?: Plain | readonly string[]
    }
  | { readonly kind: 'texts' | 'numbers'; readonly fallback?: readonly Plain[] }
  /** Whatever is written. */
  | { readonly kind: 'any' }
  | { readonly kind: 'section'; readonly section: RecordedKeys }
  | { readonly kind: 'sections'; readonly section: RecordedKeys }
  | { readonly kind: 'named'; readonly section: RecordedKeys }
  /** A list of sections, each of one of several forms: by the key that makes it what it is. */
  | { readonly kind: 'alternatives'; readonly sections: ReadonlyMap<string, RecordedKeys> }

type Plain = string | number | boolean

/** What readers ask of one section. */
export class RecordedKeys {
  readonly keys = new Map<string, RecordedKey>()
  /** How often it was read. */
  readings = 0
  /** How often one of these keys had to be there. */
  readonly demands = new Map<string, { keys: readonly string[]; times: number }>()
  hasEnd = false
  takesRest = false

  /** Whether other keys may be there too. */
  get isOpen(): boolean {
    return this.takesRest || !this.hasEnd
  }

  /** The keys one of which must be there whatever the others say. */
  get required(): (readonly string[])[] {
    return [...this.demands.values()].filter(({ times }) => times >= this.readings).map(({ keys }) => keys)
  }

  demand(...keys: readonly string[]): void {
    const times = this.demands.get(keys.join())?.times ?? 0
    this.demands.set(keys.join(), { keys, times: times + 1 })
  }
}

/** One key with its path, as the descriptions name it. */
export type PathedKey = { readonly path: string; readonly key: RecordedKey; readonly isRequired: boolean }

/** All keys, each with its path: `*` stands for a name of the writer's, `[]` for a member of a list, `[Key]` for one that has that key. */
export function listKeys(section: RecordedKeys, path = ''): PathedKey[] {
  const required = new Set(section.required.filter(({ length }) => length === 1).flat())
  return [...section.keys].flatMap(([name, key]) => {
    const own = path === '' ? name : `${path}.${name}`
    return [{ path: own, key, isRequired: required.has(name) }, ...keysWithin(key, own)]
  })
}

function keysWithin(key: RecordedKey, path: string): PathedKey[] {
  if (key.kind === 'section') return listKeys(key.section, path)
  if (key.kind === 'sections') return listKeys(key.section, `${path}[]`)
  if (key.kind === 'named') return listKeys(key.section, `${path}.*`)
  if (key.kind !== 'alternatives') return []
  return [...key.sections].flatMap(([name, section]) => {
    // The key that makes it what it is stands for the whole.
    const [own, others] = [`${path}[${name}]`, listKeys(section, `${path}[${name}]`)]
    return others.map((other) => (other.path === `${own}.${name}` ? { ...other, path: own } : other))
  })
}
