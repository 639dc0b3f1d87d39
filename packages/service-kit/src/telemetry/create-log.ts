import { type DestinationStream, type Logger, pino } from 'pino'
import { heldOutput } from './held-output.ts'
import { currentTraceId } from './request-context.ts'
import { scrub, scrubText } from './scrub.ts'

/** How to log. */
export type LogOptions = {
  /** The app's name, in each line as `service`. */
  name: string
  /** The least important level that is written: `debug`, `info`, `warn`, `error` or `silent`. Default `info`. */
  level?: string
  /** Where lines go. Default: standard output, many at once; from `warn` on at once. */
  destination?: DestinationStream
}

/**
 * A log of JSON lines, each with the trace id of the request at work. Fields are flat: a text, a number, a boolean, a list of those
 * or an error; secrets are redacted by name and by form.
 */
export function createLog({ name, level = 'info', destination }: LogOptions): Logger {
  const options = {
    level,
    base: { service: name },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: () => {
      const traceId = currentTraceId()
      return traceId ? { traceId } : {}
    },
    formatters: { level: (label: string) => ({ level: label }), log: scrub },
    errorKey: 'error',
    // `scrub` has written the error already; pino's own serializer would add all of its members again.
    serializers: { error: (error: unknown) => error },
    hooks: {
      logMethod(this: Logger, parameters: unknown[], method: (...parameters: never[]) => void) {
        method.apply(this, safeParameters(parameters) as never[])
      },
    },
  }
  return pino(options, destination ?? heldOutput())
}

/** Texts without secrets. A line without a message of its own would get the raw one of its error from pino. */
function safeParameters([first, ...rest]: unknown[]): unknown[] {
  if (typeof first === 'string') return [scrubText(first), ...rest]
  const error = first instanceof Error ? first : (first as { error?: unknown } | undefined)?.error
  const fields = first instanceof Error ? { error: first } : first
  const [message = error instanceof Error ? error.message : ''] = rest
  return [fields, scrubText(String(message))]
}
