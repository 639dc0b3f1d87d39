import { nearestOf } from './nearest-name.ts'
import type { ConfigurationFault } from './proxy-configuration-error.ts'
import type { Range, Section } from './section.ts'
import { parseTimeSpan } from './time-span.ts'

/** What a section hands on to the sections within it. */
type Place = {
  path: string
  faults: ConfigurationFault[]
  /** Whether it stands for one that nobody has written. */
  isAbsent?: boolean
}

/** How a number may be written in a text, as environment variables are. */
export const numberPattern = '^[+-]?\\d+(?:\\.\\d+)?$'
const numberForm = new RegExp(numberPattern)

type Check<T> = (value: unknown) => T | undefined
type Fallible<T> = T | undefined

/** Answers a reader with what was written, and notes every fault of it. */
export class WrittenSection implements Section {
  readonly path: string
  readonly #faults: ConfigurationFault[]
  /** Nothing is missing in what is not there, nor in what is no section at all. */
  readonly #isAbsent: boolean
  readonly #values = new Map<string, { key: string; value: unknown }>()
  /** In lower case. */
  readonly #asked = new Set<string>()
  readonly #known: string[] = []

  constructor(value: unknown, { path, faults, isAbsent = false }: Place) {
    this.path = path
    this.#faults = faults
    this.#isAbsent = isAbsent || !isObject(value)
    if (!isObject(value)) this.fault('', 'is not an object', 'Write { … } here')
    for (const [key, member] of isObject(value) ? Object.entries(value) : []) {
      const name = key.toLowerCase()
      if (this.#values.has(name)) this.fault(key, 'is there twice, in another case', 'Keep one of them')
      this.#values.set(name, { key, value: member })
    }
  }

  get keys(): string[] {
    return [...this.#values].filter(([name]) => !this.#asked.has(name)).map(([, { key }]) => key)
  }

  has(key: string): boolean {
    return this.#valueOf(key) !== undefined
  }

  text<Fallback extends Fallible<string>>(key: string, fallback?: Fallback): string | Fallback {
    return this.#read(key, (value) => (typeof value === 'string' ? value : undefined), 'a text', fallback)
  }

  boolean<Fallback extends Fallible<boolean>>(key: string, fallback?: Fallback): boolean | Fallback {
    return this.#read(key, toBoolean, 'true or false', fallback)
  }

  number<Fallback extends Fallible<number>>(key: string, fallback?: Fallback): number | Fallback {
    return this.#read(key, numberCheck(), 'a number', fallback)
  }

  whole<Fallback extends Fallible<number>>(
    key: string,
    { least, most = Number.MAX_SAFE_INTEGER }: Range,
    fallback?: Fallback,
  ): number | Fallback {
    const check = numberCheck((number) => Number.isSafeInteger(number) && number >= least && number <= most)
    const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `from ${least} to ${most}`
    return this.#read(key, check, `a whole number, ${range}`, fallback)
  }

  share<Fallback extends Fallible<number>>(key: string, fallback?: Fallback): number | Fallback {
    const check = numberCheck((number) => number > 0 && number <= 1)
    return this.#read(key, check, 'a number above 0, at most 1', fallback)
  }

  timeSpan<Fallback extends Fallible<number>>(key: string, fallback?: Fallback): number | Fallback {
    return this.#read(key, parseTimeSpan, 'a time above zero, such as 00:00:30', fallback)
  }

  choice<const Value extends string, Fallback extends Fallible<Value>>(
    key: string,
    values: readonly Value[],
    fallback?: Fallback,
  ): Value | Fallback {
    return this.#read(key, (value) => find(values, value), `one of ${values.join(', ')}`, fallback)
  }

  choices<const Value extends string, Fallback extends Fallible<readonly Value[]>>(
    key: string,
    values: readonly Value[],
    fallback?: Fallback,
  ): readonly Value[] | Fallback {
    const written = this.texts(key)
    const unknown = written?.filter((item) => !find(values, item)) ?? []
    if (unknown.length > 0) this.fault(key, `has unknown ones (${unknown})`, `Use ${values.join(', ')}`)
    return written?.flatMap((item) => find(values, item) ?? []) ?? (fallback as Fallback)
  }

  texts<Fallback extends Fallible<readonly string[]>>(
    key: string,
    fallback?: Fallback,
  ): readonly string[] | Fallback {
    return this.#read(key, listCheck<string>('string'), 'a list of texts', fallback)
  }

  numbers<Fallback extends Fallible<readonly number[]>>(
    key: string,
    fallback?: Fallback,
  ): readonly number[] | Fallback {
    return this.#read(key, listCheck<number>('number'), 'a list of numbers', fallback)
  }

  section(key: string): Section | undefined {
    const value = this.#take(key)
    return value === undefined ? undefined : new WrittenSection(value, this.#placeOf(key))
  }

  sectionOrEmpty(key: string): Section {
    return this.section(key) ?? new WrittenSection({}, { ...this.#placeOf(key), isAbsent: true })
  }

  sections(key: string): Section[] {
    return this.#members(key)
  }

  sectionsByKey(key: string, names: readonly string[]): [name: string | undefined, section: Section][] {
    const members = this.#members(key).filter((section) => !section.#isAbsent)
    return members.map((section) => [names.find((name) => section.has(name)), section])
  }

  named(key: string): [name: string, section: Section][] {
    const value = this.#take(key)
    if (value === undefined) return []
    if (!isObject(value)) {
      this.fault(key, 'is not an object', 'Write { "name": { … } } here')
      return []
    }
    const place = this.#placeOf(key)
    return Object.entries(value).map(([name, member]) => [
      name,
      new WrittenSection(member, { ...place, path: `${place.path}.${name}` }),
    ])
  }

  requires(key: string, mend: string): void {
    const value = this.#valueOf(key)
    if (!this.#isAbsent && (value === undefined || value === '')) this.fault(key, 'is missing', mend)
  }

  requiresOneOf(keys: readonly string[], mend: string): void {
    if (!this.#isAbsent && !keys.some((key) => this.has(key)))
      this.fault('', `has neither ${keys.join(' nor ')}`, mend)
  }

  fault(key: string, reason: string, mend: string): void {
    this.#faults.push({ path: this.#pathOf(key) || 'ReverseProxy', reason, mend })
  }

  ignore(...keys: string[]): void {
    for (const key of keys) this.#take(key)
  }

  rest(): Record<string, unknown> {
    const members = this.keys.map((key) => [key, this.#valueOf(key)] as const)
    for (const [key] of members) this.#take(key)
    return Object.fromEntries(members)
  }

  end(): void {
    for (const key of this.keys) {
      const nearest = nearestOf(key, this.#known)
      this.fault(key, 'is not known here', nearest ? `Did you mean ${nearest}?` : 'Remove it')
    }
  }

  #read<T, Fallback>(key: string, check: Check<T>, wanted: string, fallback?: Fallback): T | Fallback {
    const value = this.#take(key)
    if (value === undefined) return fallback as Fallback
    const read = check(value)
    if (read === undefined) this.fault(key, 'has a value that it cannot have', `Set it to ${wanted}`)
    return read ?? (fallback as Fallback)
  }

  #members(key: string): WrittenSection[] {
    const list = (value: unknown) => (Array.isArray(value) ? (value as unknown[]) : undefined)
    const values = this.#read(key, list, 'a list', undefined) ?? []
    return values.map((value, index) => new WrittenSection(value, this.#placeOf(`${key}[${index}]`)))
  }

  #take(key: string): unknown {
    this.#known.push(key)
    this.#asked.add(key.toLowerCase())
    return this.#valueOf(key)
  }

  #valueOf(key: string): unknown {
    return this.#values.get(key.toLowerCase())?.value ?? undefined
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

function listCheck<Item>(type: 'string' | 'number'): Check<readonly Item[]> {
  return (value) =>
    Array.isArray(value) && Array.from(value).every((item) => typeof item === type) ? value : undefined
}

function find<Value extends string>(values: readonly Value[], written: unknown): Value | undefined {
  return values.find((value) => value.toLowerCase() === String(written).toLowerCase())
}

function toBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  const text = String(value).toLowerCase()
  return text === 'true' || text === 'false' ? text === 'true' : undefined
}

function numberCheck(fits: (number: number) => boolean = () => true): Check<number> {
  return (value) => {
    const number = typeof value === 'string' && numberForm.test(value) ? Number(value) : value
    return typeof number === 'number' && Number.isFinite(number) && fits(number) ? number : undefined
  }
}
