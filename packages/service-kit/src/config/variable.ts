/** A text was read into a value, or it says what is wrong and what would be right. */
export type Reading<T> = { value: T } | { reason: string; mend: string }

/** What every kind of variable may say of itself. */
export type VariableOptions<T> = {
  /** What it is for; printed with its faults. */
  description: string
  /** The value when it is not set. Without a default the variable is required. */
  default?: T
  /** A value for development and test only: used with a warning, and refused when `APP_ENV=production`. */
  developmentDefault?: T
  /** Not required: the value is `undefined` when it is not set. In production it is required with `'except in production'`. */
  optional?: boolean | 'except in production'
}

/** One environment variable of a schema. Make it with `variable`. */
export type Variable<T> = VariableOptions<T> & {
  readonly secret: boolean
  read(text: string): Reading<T>
}

type Settled<T> = Omit<VariableOptions<T>, 'optional'>
type Optional = { optional: true | 'except in production' }
type Make<T> = {
  (options: VariableOptions<T> & Optional): Variable<T | undefined>
  (options: VariableOptions<T>): Variable<T>
}

function kind<T>(read: (text: string) => Reading<T>, secret = false): Make<T> {
  return (options: VariableOptions<T>) => ({ ...options, secret, read }) as Variable<T>
}

function wrong<T>(reason: string, mend: string): Reading<T> {
  return { reason, mend }
}

function readInteger(text: string, minimum: number, maximum: number): Reading<number> {
  const value = Number(text)
  if (/^-?\d+$/.test(text) && value >= minimum && value <= maximum) return { value }
  return wrong('is not a whole number in its range', `Set it to one from ${minimum} to ${maximum}`)
}

function readUrl(text: string): Reading<string> {
  if (!URL.canParse(text))
    return wrong('is not a URL', 'Set it to a whole URL, such as http://localhost:8080')
  return { value: text.replace(/\/$/, '') }
}

function readUrls(text: string): Reading<string[]> {
  const readings = splitList(text).map(readUrl)
  if (readings.length === 0) return wrong('names no URL', 'Set it to URLs, separated by commas')
  const urls: string[] = []
  for (const reading of readings) {
    if ('reason' in reading)
      return wrong('holds something that is not a URL', 'Set it to URLs, separated by commas')
    urls.push(reading.value)
  }
  return { value: urls }
}

const truth: Record<string, boolean> = { true: true, '1': true, false: false, '0': false }

/** The kinds of environment variables. An empty text counts as not set. */
export const variable = {
  /** Any text. */
  string: kind<string>((text) => ({ value: text })),
  /** Any text that must never be shown. Faults and warnings name the variable only. */
  secret: kind<string>((text) => ({ value: text }), true),
  /** A URL that may hold a password (of a database or a Redis): read like a URL, treated like a secret. */
  secretUrl: kind<string>(readUrl, true),
  /** Like `secretUrl`, several separated by commas. */
  secretUrlList: kind<string[]>(readUrls, true),
  /** An absolute URL, without a `/` at its end. */
  url: kind<string>(readUrl),
  /** A TCP port; 0 lets the system choose. */
  port: kind<number>((text) => readInteger(text, 0, 65_535)),
  /** `true`, `1`, `false` or `0`. */
  boolean: kind<boolean>((text) => {
    const value = truth[text.toLowerCase()]
    return value === undefined ? wrong('is neither true nor false', 'Set it to true or false') : { value }
  }),
  /** Texts separated by commas; spaces around them do not count. */
  list: kind<string[]>((text) => ({ value: splitList(text) })),
  /** Like `list`, for secrets. */
  secretList: kind<string[]>((text) => ({ value: splitList(text) }), true),
  /** A whole number from `minimum` (default 0) to `maximum`. */
  integer(options: Settled<number> & { minimum?: number; maximum?: number }): Variable<number> {
    const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = options
    return kind<number>((text) => readInteger(text, minimum, maximum))(options)
  },
  /** One of `values`. */
  choice<const Value extends string>(
    values: readonly Value[],
    options: Settled<NoInfer<Value>>,
  ): Variable<Value> {
    return kind<Value>((text) => {
      const value = values.find((candidate) => candidate === text)
      return value ? { value } : wrong('is not one of its values', `Set it to one of: ${values.join(', ')}`)
    })(options)
  },
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
}
