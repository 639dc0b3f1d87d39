/** What bytes can be wrong in. Stable: a server answers by it, and a client names it. */
export type MessageFaultCode =
  | 'message-malformed'
  | 'version-missing'
  | 'method-unknown'
  | 'start-line-too-large'
  | 'fields-too-large'
  | 'chunk-extensions-too-large'

/** Bytes that are no well-formed HTTP/1.1 message: two readers could understand them differently. */
export class MessageFault extends Error {
  override readonly name = 'MessageFault'
  readonly code: MessageFaultCode

  constructor(message: string, code: MessageFaultCode = 'message-malformed') {
    super(message)
    this.code = code
  }
}
