/** One call of a log. */
export type CapturedLine = {
  level: 'debug' | 'info' | 'warn' | 'error'
  message: string
  fields: Record<string, unknown>
}

/** A log that keeps what it is told. */
export type CapturedLog = Record<CapturedLine['level'], (fields: object, message: string) => void> & {
  readonly lines: readonly CapturedLine[]
  /** All lines as one text, causes of errors included: to assert that a planted secret is in none of them. */
  text(): string
}

/** A log in pino's shape for tests. */
export function capturedLog(): CapturedLog {
  const lines: CapturedLine[] = []
  const keep = (level: CapturedLine['level']) => (fields: object, message: string) => {
    lines.push({ level, message, fields: { ...fields } })
  }
  return {
    debug: keep('debug'),
    info: keep('info'),
    warn: keep('warn'),
    error: keep('error'),
    lines,
    text: () => lines.map((line) => JSON.stringify(line, withErrors)).join('\n'),
  }
}

/** JSON leaves the own words of an error out. */
function withErrors(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (!(value instanceof Error)) return value
  return { ...value, name: value.name, message: value.message, stack: value.stack, cause: value.cause }
}
