/** An answer that would be more, or less, than it says: a fault of whoever makes it. Nothing of it is sent that could be taken for whole. */
export class AnswerFault extends Error {
  override readonly name = 'AnswerFault'
  readonly code = 'answer-malformed'
}
