import type { ServerHttp2Session } from 'node:http2'

/** As long as connections of HTTP/1.1 stay open between requests. */
const idleMilliseconds = 65_000
const sweepMilliseconds = 5000

type Watched = { streams: number; idleSince: number }

/**
 * Closes connections of HTTP/2 on which nobody asks for anything any more. One timer looks at all: Node's own, `session.setTimeout`, goes on for
 * its whole time where the client has left, and holds all of the session meanwhile.
 */
export class IdleSessions {
  readonly #watched = new Map<ServerHttp2Session, Watched>()
  readonly #idleMilliseconds: number
  readonly #timer: NodeJS.Timeout

  constructor(
    times: { idleMilliseconds: number; sweepMilliseconds: number } = { idleMilliseconds, sweepMilliseconds },
  ) {
    this.#idleMilliseconds = times.idleMilliseconds
    this.#timer = setInterval(() => this.#sweep(), times.sweepMilliseconds).unref()
  }

  watch(session: ServerHttp2Session): void {
    const watched: Watched = { streams: 0, idleSince: performance.now() }
    this.#watched.set(session, watched)
    session.once('close', () => this.#watched.delete(session))
    session.on('stream', (stream) => {
      watched.streams++
      stream.once('close', () => {
        watched.streams--
        watched.idleSince = performance.now()
      })
    })
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #sweep(): void {
    const longestAgo = performance.now() - this.#idleMilliseconds
    for (const [session, { streams, idleSince }] of this.#watched)
      if (streams === 0 && idleSince < longestAgo) session.close()
  }
}
