import { carriageReturn, lineFeed } from './characters.ts'
import { MessageFault } from './message-fault.ts'

/** What a reader gives instead of an index where the bytes have not come yet. */
export const incomplete = -1

/** The index behind CRLF at `position`, or -1 where it may still come. Nothing else ends a line (RFC 9112 §2.2). */
export function lineEnd(bytes: Buffer, position: number, end: number): number {
  if (position >= end) return incomplete
  if (bytes[position] !== carriageReturn)
    throw new MessageFault('A line has a character that it may not have')
  if (position + 1 >= end) return incomplete
  if (bytes[position + 1] !== lineFeed) throw new MessageFault('A carriage return stands alone')
  return position + 2
}
