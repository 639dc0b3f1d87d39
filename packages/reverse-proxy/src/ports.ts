/** Tells the time, in milliseconds since 1970. `Date` is one. */
export type Clock = { now(): number }

type Write = (fields: object, message: string) => void

/** What this package needs of a log; pino fits. */
export type Log = { debug: Write; info: Write; warn: Write; error: Write }
