/**
 * Tells the time in milliseconds, from any origin. It must not go back, so `performance` is a better one than `Date`: only spans are
 * measured by it, and what instances share is measured by Redis alone.
 */
export type Clock = { now(): number }

/** The part of a log that the limiter writes to. */
export type RateLimiterLog = {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}
