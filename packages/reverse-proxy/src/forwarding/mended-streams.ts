import { subscribe } from 'node:diagnostics_channel'
import type { ClientHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import { addAbortSignal } from 'node:stream'

const marked = Symbol('streams on it are mended')

/**
 * Sees to it that services hear of requests that are given up on this connection of HTTP/2 (GW-59). undici (8.12.4) closes such a stream without
 * saying why, and destroys it at once: Node then waits with `RST_STREAM` for the end of the body, which never comes, and the service waits for
 * ever; or it ends the body as if it were whole.
 */
export function mendStreamsOf(socket: Socket): void {
  Object.assign(socket, { [marked]: true })
}

subscribe('http2.client.stream.created', (message) => {
  const { stream } = message as { stream: ClientHttp2Stream }
  // A proxy of the socket, which shows what is marked on it.
  const socket = stream.session?.socket as { [marked]?: true } | undefined
  if (!socket?.[marked]) return
  const { close } = stream
  stream.close = (code, callback) => {
    if (code !== undefined) close.call(stream, code, callback)
    // Node's own way to CANCEL, which ends nothing first.
    else addAbortSignal(AbortSignal.abort(), stream)
  }
})
