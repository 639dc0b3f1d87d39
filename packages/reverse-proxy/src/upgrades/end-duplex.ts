import type { Http2Stream } from 'node:http2'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'

const cancel = 0x8

/** Breaks a connection off as the other one was, so that nobody takes it for ended: by RST, or in HTTP/2 by RST_STREAM (RFC 8441 §5). */
export function breakOff(duplex: Duplex): void {
  // While its end is being sent, Node cannot reset a socket: it would stay open for ever, and never say that it has closed.
  const isEnding = duplex.writableEnded && !duplex.writableFinished
  if (duplex instanceof Socket && !(duplex instanceof TLSSocket) && !duplex.destroyed && !isEnding)
    duplex.resetAndDestroy()
  else closeNow(duplex)
}

/** Closes a connection, whatever is under way on it. */
export function closeNow(duplex: Duplex): void {
  if ('rstCode' in duplex) (duplex as Http2Stream).close(cancel)
  else duplex.destroy()
}
