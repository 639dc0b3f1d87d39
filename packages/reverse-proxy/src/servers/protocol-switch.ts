import type { Duplex } from 'node:stream'
import type { AnswerWriter } from '#src/answer-writer.ts'

/** What an answer can do, beside what all can, to a request that offers another protocol (RFC 9110 §7.8, RFC 8441 §5). */
export type ProtocolSwitch = {
  /**
   * Tells the client that the other protocol begins, with headers of it, and gives what the client sends and gets in it. What it has sent already
   * comes first, and each direction ends by itself.
   */
  switchProtocols(protocol: string, headers: string[]): Duplex
}

/** Whether an answer's server lets it switch. */
export const canSwitch = <Response extends AnswerWriter>(
  response: Response,
): response is Response & ProtocolSwitch => 'switchProtocols' in response
