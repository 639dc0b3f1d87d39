import type { Clock } from '#src/ports.ts'

const markMilliseconds = 10_000
const mostMarks = 1000
const longestPlace = 1024

/** Remembers for a while what was fetched and could not be kept: nobody waits for such a fetch, as each needs its own. */
export class PassMarks {
  readonly #clock: Clock
  readonly #until = new Map<string, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  has(place: string): boolean {
    const until = this.#until.get(place)
    if (until === undefined || until > this.#clock.now()) return until !== undefined
    this.#until.delete(place)
    return false
  }

  /** It is only a hint: what is too long to be remembered is not. */
  add(place: string): void {
    if (place.length > longestPlace) return
    this.#until.delete(place)
    this.#until.set(place, this.#clock.now() + markMilliseconds)
    const [oldest] = this.#until.keys()
    if (this.#until.size > mostMarks && oldest !== undefined) this.#until.delete(oldest)
  }
}
