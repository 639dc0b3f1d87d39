import { once } from 'node:events'
import { connect } from 'node:net'

/** Types of frames (RFC 9113 §6). */
export const frameTypes = { data: 0x0, headers: 0x1, reset: 0x3, settings: 0x4, goaway: 0x7 } as const

/** One frame that came. */
export type Frame = { type: number; flags: number; stream: number; payload: Buffer }

const endStream = 0x1
const endHeaders = 0x4

export function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** A field as a literal that nothing is remembered of (RFC 7541 §6.2.2): whatever bytes its name and its value have. */
function field(name: string, value: string): Buffer {
  const text = (of: string) => {
    const bytes = Buffer.from(of, 'latin1')
    if (bytes.length > 126) throw new RangeError('This encoder writes short texts only')
    return Buffer.concat([Buffer.from([bytes.length]), bytes])
  }
  return Buffer.concat([Buffer.from([0]), text(name), text(value)])
}

/** A request's frames, with these fields in this order. */
export function requestFrames(
  stream: number,
  fields: readonly (readonly [name: string, value: string])[],
  body?: string,
): Buffer {
  const block = Buffer.concat(fields.map(([name, value]) => field(name, value)))
  const head = frame(frameTypes.headers, endHeaders | (body === undefined ? endStream : 0), stream, block)
  if (body === undefined) return head
  return Buffer.concat([head, frame(frameTypes.data, endStream, stream, Buffer.from(body))])
}

/** A connection of HTTP/2 made of bytes: it has said its preface and its settings. */
export async function openFrames(port: number) {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => {})
  const frames: Frame[] = []
  const state = { isClosed: false }
  let rest = Buffer.alloc(0)
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= 9 && rest.length >= 9 + rest.readUIntBE(0, 3)) {
      const length = rest.readUIntBE(0, 3)
      frames.push({
        ...{ type: rest.readUInt8(3), flags: rest.readUInt8(4), stream: rest.readUInt32BE(5) },
        payload: rest.subarray(9, 9 + length),
      })
      rest = rest.subarray(9 + length)
    }
  })
  socket.on('close', () => {
    state.isClosed = true
  })
  await once(socket, 'connect')
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
  socket.write(frame(frameTypes.settings, 0, 0, Buffer.alloc(0)))
  return {
    ...{ socket, frames, state },
    /** Those of one stream. */
    of: (stream: number) => frames.filter((one) => one.stream === stream),
  }
}

/** Whether a block of fields begins with `:status: 200`, which every encoder writes in one byte (RFC 7541 §6.1). */
export const isOk = ({ type, payload }: Frame): boolean =>
  type === frameTypes.headers && payload.includes(0x88)
