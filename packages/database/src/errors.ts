/** What this package reports by its own errors. Those of PostgreSQL itself pass through as `pg` gives them. */
export type DatabaseErrorCode = 'migration-failed' | 'delivery-timeout' | 'ping-timeout'

/** An error of this package. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
  readonly code: DatabaseErrorCode

  constructor(code: DatabaseErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
