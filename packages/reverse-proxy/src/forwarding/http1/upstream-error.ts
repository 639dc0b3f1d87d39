import { MessageFault } from '#src/http1-syntax/message-fault.ts'

/** What can go wrong between us and an upstream. Stable: logs, metrics and tests cite them. */
type UpstreamErrorCode =
  | 'upstream-response-malformed'
  | 'upstream-connection-closed'
  | 'upstream-connect-timeout'
  | 'upstream-activity-timeout'
  | 'upstream-queue-full'
  | 'upstream-queue-timeout'
  | 'forwarder-closed'
  | 'request-malformed'
  | 'request-body-failed'
  | 'request-body-stalled'
  | 'response-body-stalled'
  | 'upgrade-not-carried'
  | 'web-socket-key-missing'

/** A failure with a stable code; `nameError` puts it into YARP's words. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError'
  readonly code: UpstreamErrorCode

  constructor(code: UpstreamErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** An answer that two readers could understand differently is nobody's answer. */
export const malformed = (message: string) => new UpstreamError('upstream-response-malformed', message)

/** What reading an answer threw, in words of ours. */
export const asUpstreamError = (error: unknown): Error =>
  error instanceof MessageFault ? malformed(error.message) : (error as Error)
