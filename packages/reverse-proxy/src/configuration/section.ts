/** Both belong to it. */
export type Range = { readonly least: number; readonly most?: number }

/**
 * One JSON object of a configuration, as its reader asks for it. Keys are without regard to case, as in .NET, `null` counts as not set, and every
 * key must be asked for by somebody: a misspelt key is a fault, never a setting that silently does not hold.
 *
 * There are two of it: `WrittenSection` answers with what was written, and `RecordedSection` writes down what is asked for, from which the JSON
 * schema and the reference are made. So readers say everything of a key where they read it: what it may be, its default, whether it is required.
 * Which keys they ask for may depend on choices, flags and `has`, and never on texts or numbers, which no recording can guess.
 */
export interface Section {
  /** Where it is, such as `Routes.orders.Match`. */
  readonly path: string
  /** The keys that nobody has asked for yet, as they are written. */
  readonly keys: string[]

  has(key: string): boolean
  text<Fallback extends string | undefined = undefined>(key: string, fallback?: Fallback): string | Fallback
  boolean<Fallback extends boolean | undefined = undefined>(
    key: string,
    fallback?: Fallback,
  ): boolean | Fallback
  number<Fallback extends number | undefined = undefined>(key: string, fallback?: Fallback): number | Fallback
  /** A whole number. */
  whole<Fallback extends number | undefined = undefined>(
    key: string,
    range: Range,
    fallback?: Fallback,
  ): number | Fallback
  /** A number above 0, at most 1. */
  share<Fallback extends number | undefined = undefined>(key: string, fallback?: Fallback): number | Fallback
  /** In milliseconds. */
  timeSpan<Fallback extends number | undefined = undefined>(
    key: string,
    fallback?: Fallback,
  ): number | Fallback
  choice<const Value extends string, Fallback extends Value | undefined = undefined>(
    key: string,
    values: readonly Value[],
    fallback?: Fallback,
  ): Value | Fallback
  /** A list of some of the values. */
  choices<const Value extends string, Fallback extends readonly Value[] | undefined = undefined>(
    key: string,
    values: readonly Value[],
    fallback?: Fallback,
  ): readonly Value[] | Fallback
  texts<Fallback extends readonly string[] | undefined = undefined>(
    key: string,
    fallback?: Fallback,
  ): readonly string[] | Fallback
  numbers<Fallback extends readonly number[] | undefined = undefined>(
    key: string,
    fallback?: Fallback,
  ): readonly number[] | Fallback

  section(key: string): Section | undefined
  /** The section, or where there is none an empty one, in which every default holds and nothing is missing. */
  sectionOrEmpty(key: string): Section
  /** A list of sections. */
  sections(key: string): Section[]
  /** A list of sections, each with the first of `names` that is a key of it: that key makes it what it is. */
  sectionsByKey(key: string, names: readonly string[]): [name: string | undefined, section: Section][]
  /** The members of a section whose keys are names that the writer chose. */
  named(key: string): [name: string, section: Section][]

  /** Notes a fault where the key is not set, or is an empty text. */
  requires(key: string, mend: string): void
  /** Notes a fault where none of the keys is set. */
  requiresOneOf(keys: readonly string[], mend: string): void
  /** Notes a fault of one key, or of the section itself where `key` is empty. */
  fault(key: string, reason: string, mend: string): void
  /** Reads keys that mean nothing to the engine, whatever they hold. */
  ignore(...keys: string[]): void
  /** All members that nobody has asked for yet, as they are. */
  rest(): Record<string, unknown>
  /** Call it when everything has been read: what is left then is a fault. */
  end(): void
}
