import type { ConfigurationFault } from './proxy-configuration-error.ts'
import { parseTimeSpan } from './time-span.ts'

/** What a section hands on to the sections within it. */
type Place = { path: string; faults: ConfigurationFault[] }

type Check<T> = (value: unknown) => T | undefined

/**
 * Reads one JSON object of a configuration: keys without regard to case, as .NET does, and every key must be read by somebody. A
 * misspelt key is a fault, never a setting that silently does not hold.
 */
export class Section {
  readonly path: string
  readonly #faults: ConfigurationFault[]
  readonly #values = new Map<string, { key: string; value: unknown }>()
  readonly #known: string[] = []

  constructor(value: unknown, { path, faults }: Place) {
    this.path = path
    this.#faults = faults
    if (!isObject(value)) this.fault('', 'is not an object', 'Write { … } here')
    for (const [key, member] of isObject(value) ? Object.entries(value) : []) {
      const name = key.toLowerCase()
      if (this.#values.has(name)) this.fault(key, 'is there twice, in another case', 'Keep one of them')
      this.#values.set(name, { key, value: member })
    }
  }

  /** Notes a fault of one key, or of the section itself where `key` is empty. */
  fault(key: string, reason: string, mend: string): void {
    this.#faults.push({ path: this.#pathOf(key) || 'ReverseProxy', reason, mend })
  }

  has(key: string): boolean {
    return this.#values.has(key.toLowerCase())
  }

  text(key: string): string | undefined {
    return this.#read(key, (value) => (typeof value === 'string' ? value : undefined), 'a text')
  }

  boolean(key: string): boolean | undefined {
    return this.#read(key, toBoolean, 'true or false')
  }

  number(key: string): number | undefined {
    const check = (value: unknown) => {
      const number = typeof value === 'string' && value.trim() ? Number(value) : value
      return typeof number === 'number' && Number.isFinite(number) ? number : undefined
    }
    return this.#read(key, check, 'a number')
  }

  /** In milliseconds. */
  timeSpan(key: string): number | undefined {
    return this.#read(key, (value) => parseTimeSpan(value), 'a time above zero, such as 00:00:30')
  }

  choice<const Value extends string>(key: string, values: readonly Value[]): Value | undefined {
    const find = (value: unknown) => values.find((one) => one.toLowerCase() === String(value).toLowerCase())
    return this.#read(key, find, `one of ${values.join(', ')}`)
  }

  texts(key: string): string[] | undefined {
    const isTexts = (value: unknown): value is string[] =>
      Array.isArray(value) && value.every((item) => typeof item === 'string')
    return this.#read(key, (value) => (isTexts(value) ? value : undefined), 'a list of texts')
  }

  numbers(key: string): number[] | undefined {
    const isNumbers = (value: unknown): value is number[] =>
      Array.isArray(value) && value.every((item) => typeof item === 'number')
    return this.#read(key, (value) => (isNumbers(value) ? value : undefined), 'a list of numbers')
  }

  section(key: string): Section | undefined {
    const value = this.#take(key)
    return value === undefined ? undefined : new Section(value, this.#placeOf(key))
  }

  sections(key: string): Section[] {
    const list = this.#read(key, (value) => (Array.isArray(value) ? value : undefined), 'a list') ?? []
    return list.map((value, index) => new Section(value, this.#placeOf(`${key}[${index}]`)))
  }

  /** The members of a section whose keys are names that the writer chose. */
  named(key: string): [name: string, section: Section][] {
    const value = this.#take(key)
    if (value === undefined) return []
    if (!isObject(value)) {
      this.fault(key, 'is not an object', 'Write { "name": { … } } here')
      return []
    }
    return Object.entries(value).map(([name, member]) => [
      name,
      new Section(member, { path: `${this.#pathOf(key)}.${name}`, faults: this.#faults }),
    ])
  }

  /** All members that nobody has read yet, as they are. */
  rest(): Record<string, unknown> {
    const members = [...this.#values.values()].map(({ key, value }) => [key, value] as const)
    this.#values.clear()
    return Object.fromEntries(members)
  }

  /** Reads a key that means nothing to the engine. */
  ignore(...keys: string[]): void {
    for (const key of keys) this.#take(key)
  }

  /** Call it when everything has been read. */
  end(): void {
    for (const { key } of this.#values.values()) {
      const nearest = nearestOf(key, this.#known)
      this.fault(key, 'is not known here', nearest ? `Did you mean ${nearest}?` : 'Remove it')
    }
  }

  get keys(): string[] {
    return [...this.#values.values()].map(({ key }) => key)
  }

  #read<T>(key: string, check: Check<T>, wanted: string): T | undefined {
    const value = this.#take(key)
    if (value === undefined) return undefined
    const read = check(value)
    if (read === undefined) this.fault(key, 'has a value that it cannot have', `Set it to ${wanted}`)
    return read
  }

  /** `null` counts as not set, as in .NET. */
  #take(key: string): unknown {
    this.#known.push(key)
    const name = key.toLowerCase()
    const held = this.#values.get(name)
    this.#values.delete(name)
    return held?.value ?? undefined
  }

  #pathOf(key: string): string {
    return [this.path, key].filter(Boolean).join('.')
  }

  #placeOf(key: string): Place {
    return { path: this.#pathOf(key), faults: this.#faults }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function toBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  const text = String(value).toLowerCase()
  return text === 'true' || text === 'false' ? text === 'true' : undefined
}

/** The name that is at most three changes away. */
export function nearestOf(name: string, candidates: readonly string[]): string | undefined {
  const measured = candidates.map((candidate) => ({
    candidate,
    far: distance(name.toLowerCase(), candidate.toLowerCase()),
  }))
  return measured.filter(({ far }) => far <= 3).sort((one, other) => one.far - other.far)[0]?.candidate
}

/** Levenshtein's distance. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1]
    for (let column = 0; column < other.length; column++) {
      const changed = (row[column] as number) + (letter === other[column] ? 0 : 1)
      next.push(Math.min(changed, (row[column + 1] as number) + 1, (next[column] as number) + 1))
    }
    row = next
  }
  return row.at(-1) as number
}
