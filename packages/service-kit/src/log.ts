type Write = (fields: object, message: string) => void

/** What this package needs of a log; pino fits. */
export type Log = { debug: Write; info: Write; warn: Write; error: Write }
