/** What can go wrong while PostgreSQL or Redis are started on this machine. */
export type LocalInfrastructureErrorCode =
  | 'port-taken'
  | 'already-running'
  | 'binaries-missing'
  | 'other-version'
  | 'folder-unsafe'
  | 'redis-missing'
  | 'server-failed'

/** An expected fault of this machine. Its message is one sentence for a person: what happened, where, what to do. */
export class LocalInfrastructureError extends Error {
  override readonly name = 'LocalInfrastructureError'
  readonly code: LocalInfrastructureErrorCode

  constructor(code: LocalInfrastructureErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
