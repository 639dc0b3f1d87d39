import type { Duplex } from 'node:stream'

/**
 * Closes upgraded sockets one after the other, spread over a time: their clients come back one after the other too, and not all in the moment of
 * a deployment (GW-66). Resolves when all have closed.
 */
export async function closeSpread(sockets: ReadonlySet<Duplex>, milliseconds: number): Promise<void> {
  const pause = milliseconds / Math.max(1, sockets.size)
  const closed = [...sockets].map((socket, index) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    socket.once('close', () => resolve())
    const timer = setTimeout(() => socket.destroy(), pause * index)
    socket.once('close', () => clearTimeout(timer))
    return promise
  })
  await Promise.all(closed)
}
