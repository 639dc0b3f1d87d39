import type { Writable } from 'node:stream'

/** A client's socket, or its stream of HTTP/2: both hold what they have not got rid of yet. */
type Outlet = Pick<Writable, 'writableLength' | 'once' | 'on' | 'off'>

type Watched = {
  /** When what was waiting has to be gone, by `performance.now()`; `undefined` where nothing waits. */
  deadline: number | undefined
  readonly note: () => void
  readonly cut: () => void
}

const sweepMilliseconds = 1000
/** For how long a client may take nothing at all, whatever the rate. */
const graceMilliseconds = 5000

/**
 * Cuts clients off that take their answers too slowly (GW-27): who reads a byte now and then holds a connection, what waits in its buffers and
 * an upstream's answer for as long as it likes. What waits for a client must be gone in 5 seconds and the time that its bytes take at the
 * minimum rate, and then the next may wait as long: an answer of n bytes holds nothing for longer than 5 s + n ÷ rate, beyond the time that its
 * service takes. How the bytes go within that time is not looked at, since kernels report it in large steps.
 *
 * One timer looks at all clients, so that an answer that is read at once costs nothing.
 */
export class SlowReaders {
  readonly #watched = new Map<Outlet, Watched>()
  readonly #rate: () => number
  readonly #timer = setInterval(() => this.#sweep(), sweepMilliseconds).unref()

  /** `rate`: bytes in a second, as it is at the moment; 0 = any. */
  constructor(rate: () => number) {
    this.#rate = rate
  }

  /** `cut` ends it, so that nobody takes what came for whole. */
  watch(outlet: Outlet, cut: () => void): void {
    const watched: Watched = {
      ...{ deadline: undefined, cut },
      note: () => {
        watched.deadline = undefined
      },
    }
    this.#watched.set(outlet, watched)
    outlet.on('drain', watched.note)
    outlet.once('close', () => this.leave(outlet))
  }

  /** Watches it no longer: it is no HTTP any more. */
  leave(outlet: Outlet): void {
    const watched = this.#watched.get(outlet)
    if (!watched) return
    this.#watched.delete(outlet)
    outlet.off('drain', watched.note)
  }

  close(): void {
    clearInterval(this.#timer)
    for (const outlet of [...this.#watched.keys()]) this.leave(outlet)
  }

  #sweep(): void {
    const rate = this.#rate()
    const now = performance.now()
    for (const [outlet, watched] of this.#watched) {
      const waiting = outlet.writableLength
      if (waiting === 0 || rate === 0) watched.deadline = undefined
      else if (watched.deadline === undefined)
        watched.deadline = now + graceMilliseconds + (waiting / rate) * 1000
      else if (now >= watched.deadline) watched.cut()
    }
  }
}
