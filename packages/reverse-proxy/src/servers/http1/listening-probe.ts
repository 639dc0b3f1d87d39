/** The first is over before anybody waits for long; with the last, six seconds have passed, more than any round trip takes. */
const [firstMilliseconds, most] = [25, 9]

/**
 * Finds out whether a client that has closed its sending half still listens (docs/adr/0028). The system of one that is gone answers the first bytes that
 * come with a reset, which the next write then meets: so something is written at once, and again and again at growing intervals.
 */
export class ListeningProbe {
  readonly #write: () => void
  #timer: NodeJS.Timeout | undefined
  #pause = firstMilliseconds
  #count = 0

  /** `write` sends what means nothing to the client. */
  constructor(write: () => void) {
    this.#write = write
    this.#probe()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #probe(): void {
    this.#count++
    if (this.#count < most) this.#timer = setTimeout(() => this.#probe(), this.#pause).unref()
    this.#pause *= 2
    this.#write()
  }
}
