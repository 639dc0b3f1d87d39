import { randomBytes } from 'node:crypto'

type Frame = { opcode: number; payload: Buffer }

function lengthBytes(length: number, mask: number): Buffer {
  if (length < 126) return Buffer.from([length | mask])
  const bytes = Buffer.alloc(length < 65_536 ? 3 : 9)
  bytes[0] = (length < 65_536 ? 126 : 127) | mask
  if (length < 65_536) bytes.writeUInt16BE(length, 1)
  else bytes.writeBigUInt64BE(BigInt(length), 1)
  return bytes
}

/** A whole message, or a control frame, of a server's (RFC 6455 §5.2). */
export const serverFrame = (opcode: number, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x80 | opcode]), lengthBytes(payload.length, 0), payload])

/** The same of a client's, masked. */
export function clientFrame(opcode: number, payload: Buffer): Buffer {
  const key = randomBytes(4)
  return Buffer.concat([
    ...[Buffer.from([0x80 | opcode]), lengthBytes(payload.length, 0x80), key],
    payload.map((byte, index) => byte ^ (key[index % 4] as number)),
  ])
}

/** All whole frames at the beginning of the bytes, unmasked. */
export function readFrames(bytes: Buffer): { frames: Frame[]; rest: Buffer } {
  const frames: Frame[] = []
  let at = 0
  while (bytes.length - at >= 2) {
    const short = (bytes[at + 1] as number) & 0x7f
    const isMasked = ((bytes[at + 1] as number) & 0x80) !== 0
    const lengthSize = short === 127 ? 8 : short === 126 ? 2 : 0
    if (bytes.length - at < 2 + lengthSize) break
    const length =
      lengthSize === 8
        ? Number(bytes.readBigUInt64BE(at + 2))
        : lengthSize === 2
          ? bytes.readUInt16BE(at + 2)
          : short
    const keyAt = at + 2 + lengthSize
    const start = keyAt + (isMasked ? 4 : 0)
    if (bytes.length < start + length) break
    const key = bytes.subarray(keyAt, start)
    const payload = Buffer.from(bytes.subarray(start, start + length))
    frames.push({
      opcode: (bytes[at] as number) & 0x0f,
      payload: isMasked
        ? (payload.map((byte, index) => byte ^ (key[index % 4] as number)) as Buffer)
        : payload,
    })
    at = start + length
  }
  return { frames, rest: bytes.subarray(at) }
}
