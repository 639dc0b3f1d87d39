import type { Http2Stream } from 'node:http2'
import type { Duplex } from 'node:stream'

const cancel = 0x8

/** Breaks a connection off, so that the other side does not take it for ended: in HTTP/2 by RST_STREAM (RFC 8441 §5). */
export function abortDuplex(duplex: Duplex): void {
  if ('rstCode' in duplex) (duplex as Http2Stream).close(cancel)
  else duplex.destroy()
}
