/** Makes one frame of text (RFC 6455 §5.2); clients mask theirs. */
export function textFrame(text: string, mask?: Buffer): Buffer {
  const payload = Buffer.from(text)
  const masked = mask ? 0x80 : 0
  const header =
    payload.length < 126
      ? Buffer.from([0x81, masked | payload.length])
      : Buffer.from([0x81, masked | 126, payload.length >> 8, payload.length & 0xff])
  return Buffer.concat(mask ? [header, mask, applyMask(payload, mask)] : [header, payload])
}

/** The text of the first frame, and what stands behind it; `undefined` where the frame is not whole yet. Frames below 64 KB only. */
export function readFrame(bytes: Buffer): { text: string; rest: Buffer } | undefined {
  if (bytes.length < 2) return undefined
  const isMasked = ((bytes[1] as number) & 0x80) !== 0
  const short = (bytes[1] as number) & 0x7f
  const lengthBytes = short === 126 ? 2 : 0
  const maskStart = 2 + lengthBytes
  const start = maskStart + (isMasked ? 4 : 0)
  if (bytes.length < start) return undefined
  const end = start + (lengthBytes ? bytes.readUInt16BE(2) : short)
  if (bytes.length < end) return undefined
  const payload = bytes.subarray(start, end)
  const plain = isMasked ? applyMask(payload, bytes.subarray(maskStart, start)) : payload
  return { text: plain.toString(), rest: bytes.subarray(end) }
}

const applyMask = (payload: Buffer, mask: Buffer) =>
  payload.map((byte, index) => byte ^ (mask[index % 4] as number)) as Buffer
