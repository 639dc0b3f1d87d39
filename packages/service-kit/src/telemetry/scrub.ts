const secretName =
  /pass(word|wd|phrase)|secret|token|cookie|authori[sz]ation|api-?key|private-?key|credential|card|cvv|cvc/i
const secretValues: [RegExp, string][] = [
  [/\b(Bearer|DPoP|Basic)\s+[\w.~+/=-]{6,}/gi, '$1 [redacted]'],
  [/\beyJ[\w-]*\.[\w-]+\.[\w-]*/g, '[redacted token]'],
  [/(\b[a-z][a-z\d+.-]*:\/\/[^\s:/@]*):[^\s@/]+@/gi, '$1:[redacted]@'],
]
/** Nearly no text has any of these, and every text of every line is looked at. */
const mayHoldSecret = /Bearer|DPoP|Basic|eyJ|:\/\//i
const deepestCause = 4

/**
 * What of a log line's fields may be written: texts, numbers, booleans, lists of those, and errors. Any other object is named by its
 * kind only, so that a request body or a whole row never gets into a log by accident; values under names of secrets are redacted,
 * and so are tokens and passwords in URLs wherever they stand.
 */
export function scrub(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, scrubField(name, value)]))
}

function scrubField(name: string, value: unknown): unknown {
  if (secretName.test(name)) return '[redacted]'
  return Array.isArray(value) ? value.map(scrubValue) : scrubValue(value)
}

function scrubValue(value: unknown): unknown {
  if (typeof value === 'string') return scrubText(value)
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Error) return scrubError(value, 0)
  if (typeof value === 'object' && value !== null) return `[${value.constructor?.name ?? 'object'}]`
  return typeof value === 'function' || typeof value === 'symbol' ? `[${typeof value}]` : value
}

/** An error has further members in many libraries (a query's parameters, a response's body): only these four are safe to write. */
function scrubError(error: Error, depth: number): Record<string, unknown> {
  const { code } = error as { code?: unknown }
  return {
    type: error.name,
    message: scrubText(error.message),
    ...(typeof code === 'string' && { code }),
    ...(error.stack && { stack: scrubText(error.stack) }),
    ...(error.cause instanceof Error &&
      depth < deepestCause && { cause: scrubError(error.cause, depth + 1) }),
  }
}

/** The text without tokens and passwords. */
export function scrubText(text: string): string {
  if (!mayHoldSecret.test(text)) return text
  return secretValues.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text)
}
