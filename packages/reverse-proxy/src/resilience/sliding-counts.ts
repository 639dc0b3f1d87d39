const slots = 10

/** Outcomes of the last while, counted in ten slots of it: the same work for each, however many there are. */
export class SlidingCounts {
  readonly #slotMilliseconds: number
  readonly #totals = new Array<number>(slots).fill(0)
  readonly #failures = new Array<number>(slots).fill(0)
  /** The number of the newest slot. */
  #newest = 0

  constructor(windowMilliseconds: number) {
    this.#slotMilliseconds = windowMilliseconds / slots
  }

  /** `now`: in milliseconds, of a clock that does not go back. */
  add(isFailure: boolean, now: number): void {
    const slot = this.#advance(now)
    this.#totals[slot] = (this.#totals[slot] as number) + 1
    if (isFailure) this.#failures[slot] = (this.#failures[slot] as number) + 1
  }

  /** How many there were, and the share of failures from 0 to 1. */
  read(now: number): { total: number; failureRatio: number } {
    this.#advance(now)
    const total = sum(this.#totals)
    return { total, failureRatio: total === 0 ? 0 : sum(this.#failures) / total }
  }

  clear(): void {
    this.#totals.fill(0)
    this.#failures.fill(0)
  }

  #advance(now: number): number {
    const number = Math.floor(now / this.#slotMilliseconds)
    for (let past = Math.max(this.#newest + 1, number - slots + 1); past <= number; past++) {
      this.#totals[past % slots] = 0
      this.#failures[past % slots] = 0
    }
    this.#newest = Math.max(this.#newest, number)
    return this.#newest % slots
  }
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)
