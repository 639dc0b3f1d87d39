import { type DestinationStream, type Logger, pino } from 'pino'
import { currentTraceId } from './request-context.ts'
import { scrub, scrubText } from './scrub.ts'

/** How to log. */
export type LogOptions = {
  /** The app's name, in each line as `service`. */
  name: string
  /** The least important level that is written. Default `info`. */
  level?: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** Where lines go. Default: standard output. */
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
    hooks: {
      logMethod(this: Logger, parameters: unknown[], method: (...parameters: never[]) => void) {
        const safe = parameters.map((value) => (typeof value === 'string' ? scrubText(value) : value))
        method.apply(this, safe as never[])
      },
    },
  }
  return destination ? pino(options, destination) : pino(options)
}
