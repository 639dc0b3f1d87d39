import type { Range, Section } from '#src/configuration/section.ts'
import { type RecordedKey, RecordedKeys } from './recorded-keys.ts'

type Fallible<T> = T | undefined

/** What all sections of one recording share. */
type Recording = { turn: number; turns: number }

/**
 * Runs readers on sections that hold nothing, and gives what they have asked for. They run several times, since what they ask may depend on what
 * they were told: each time every choice has another of its values, and flags change.
 */
export function recordKeys(read: (root: Section) => void): RecordedKeys {
  const keys = new RecordedKeys()
  const recording: Recording = { turn: 0, turns: 3 }
  for (; recording.turn < recording.turns; recording.turn++) read(new RecordedSection(keys, recording))
  return keys
}

/** Writes down what a reader asks for. Of what nobody can know it says that it is not set. */
class RecordedSection implements Section {
  readonly path = ''
  readonly keys: string[] = []
  readonly #recorded: RecordedKeys
  readonly #recording: Recording

  constructor(recorded: RecordedKeys, recording: Recording) {
    this.#recorded = recorded
    recorded.readings++
    this.#recording = recording
  }

  has(): boolean {
    return this.#recording.turn > 0
  }

  text<Fallback extends Fallible<string>>(key: string, fallback?: Fallback): string | Fallback {
    return this.#record(key, { kind: 'text' }, fallback)
  }

  boolean<Fallback extends Fallible<boolean>>(key: string, fallback?: Fallback): boolean | Fallback {
    this.#record(key, { kind: 'boolean' }, fallback)
    const { turn } = this.#recording
    return turn === 0 ? (fallback as Fallback) : turn % 2 === 1
  }

  number<Fallback extends Fallible<number>>(key: string, fallback?: Fallback): number | Fallback {
    return this.#record(key, { kind: 'number' }, fallback)
  }

  whole<Fallback extends Fallible<number>>(
    key: string,
    range: Range,
    fallback?: Fallback,
  ): number | Fallback {
    return this.#record(key, { kind: 'whole', range }, fallback)
  }

  share<Fallback extends Fallible<number>>(key: string, fallback?: Fallback): number | Fallback {
    return this.#record(key, { kind: 'share' }, fallback)
  }

  timeSpan<Fallback extends Fallible<number>>(key: string, fallback?: Fallback): number | Fallback {
    return this.#record(key, { kind: 'timeSpan' }, fallback)
  }

  choice<const Value extends string, Fallback extends Fallible<Value>>(
    key: string,
    values: readonly Value[],
    fallback?: Fallback,
  ): Value | Fallback {
    this.#record(key, { kind: 'choice', values }, fallback)
    this.#recording.turns = Math.max(this.#recording.turns, values.length + 1)
    const { turn } = this.#recording
    return turn === 0 ? (fallback as Fallback) : (values[(turn - 1) % values.length] as Value)
  }

  choices<const Value extends string, Fallback extends Fallible<readonly Value[]>>(
    key: string,
    values: readonly Value[],
    fallback?: Fallback,
  ): readonly Value[] | Fallback {
    return this.#record(key, { kind: 'choices', values }, fallback)
  }

  texts<Fallback extends Fallible<readonly string[]>>(
    key: string,
    fallback?: Fallback,
  ): readonly string[] | Fallback {
    return this.#record(key, { kind: 'texts' }, fallback)
  }

  numbers<Fallback extends Fallible<readonly number[]>>(
    key: string,
    fallback?: Fallback,
  ): readonly number[] | Fallback {
    return this.#record(key, { kind: 'numbers' }, fallback)
  }

  section(key: string): Section {
    return this.#within(key, 'section')
  }

  sectionOrEmpty(key: string): Section {
    return this.#within(key, 'section')
  }

  sections(key: string): Section[] {
    return [this.#within(key, 'sections')]
  }

  named(key: string): [name: string, section: Section][] {
    return [['*', this.#within(key, 'named')]]
  }

  sectionsByKey(key: string, names: readonly string[]): [name: string, section: Section][] {
    const known = this.#recorded.keys.get(key)
    const made = new Map(names.map((name) => [name, new RecordedKeys()]))
    const sections = known?.kind === 'alternatives' ? known.sections : made
    this.#recorded.keys.set(key, { kind: 'alternatives', sections })
    return [...sections].map(([name, keys]) => {
      const section = new RecordedSection(keys, this.#recording)
      section.requires(name)
      // What is read as a whole asks for no key.
      if (this.#recording.turn > 0 && !keys.keys.has(name)) section.ignore(name)
      return [name, section]
    })
  }

  requires(key: string): void {
    this.#recorded.demand(key)
  }

  requiresOneOf(keys: readonly string[]): void {
    this.#recorded.demand(...keys)
  }

  fault(): void {
    // Nothing is written here that could be wrong.
  }

  ignore(...keys: string[]): void {
    for (const key of keys) this.#record(key, { kind: 'any' }, undefined)
  }

  rest(): Record<string, unknown> {
    this.#recorded.takesRest = true
    return {}
  }

  end(): void {
    this.#recorded.hasEnd = true
  }

  #record<Fallback>(key: string, asked: RecordedKey, fallback?: Fallback): Fallback {
    const known = this.#recorded.keys.get(key)
    if (known && known.kind !== asked.kind)
      throw new TypeError(`${key} is read as ${known.kind} and as ${asked.kind}: a key is of one kind`)
    if (!known)
      this.#recorded.keys.set(key, fallback === undefined ? asked : ({ ...asked, fallback } as never))
    return fallback as Fallback
  }

  #within(key: string, kind: 'section' | 'sections' | 'named'): RecordedSection {
    this.#record(key, { kind, section: new RecordedKeys() })
    const known = this.#recorded.keys.get(key) as { section: RecordedKeys }
    return new RecordedSection(known.section, this.#recording)
  }
}
