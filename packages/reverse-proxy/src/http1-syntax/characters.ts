/** Characters of a token: names of headers (RFC 9110 §5.6.2). */
export const isToken = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** All that a header's value may have of latin1: a character beyond it would lose its upper half, and could become a line end. */
export const isValue = /^[\t\x20-\x7e\x80-\xff]*$/

/** One entry for each byte, 1 where it may stand in the name of a header. */
export const tokenBytes = Uint8Array.from({ length: 256 }, (_, byte) =>
  isToken.test(String.fromCharCode(byte)) ? 1 : 0,
)

/** 1 where a byte may stand in the value of a header: no control character but the tab (RFC 9110 §5.5). */
export const valueBytes = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === 0x09 || (byte >= 0x20 && byte !== 0x7f) ? 1 : 0,
)

/** 1 where a byte may stand in the target of a request; what form a target has is looked at later. */
export const visibleBytes = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte > 0x20 && byte !== 0x7f ? 1 : 0,
)

export const tab = 0x09
export const lineFeed = 0x0a
export const carriageReturn = 0x0d
export const space = 0x20
export const colon = 0x3a
export const semicolon = 0x3b
