import { Slots } from './slots.ts'

const slots = 10

/** Outcomes of the last while, counted in ten slots of it: the same work for each, however many there are. */
export class SlidingCounts {
  readonly #totals = new Array<number>(slots).fill(0)
  readonly #failures = new Array<number>(slots).fill(0)
  readonly #slots: Slots

  constructor(windowMilliseconds: number) {
    this.#slots = new Slots(slots, windowMilliseconds / slots, 0, (slot) => {
      this.#totals[slot] = 0
      this.#failures[slot] = 0
    })
  }

  /** `now`: in milliseconds, of a clock that does not go back. */
  add(isFailure: boolean, now: number): void {
    const slot = this.#slots.at(now)
    this.#totals[slot] = (this.#totals[slot] as number) + 1
    if (isFailure) this.#failures[slot] = (this.#failures[slot] as number) + 1
  }

  /** How many there were, and the share of failures from 0 to 1. */
  read(now: number): { total: number; failureRatio: number } {
    this.#slots.at(now)
    const total = sum(this.#totals)
    return { total, failureRatio: total === 0 ? 0 : sum(this.#failures) / total }
  }

  clear(): void {
    this.#totals.fill(0)
    this.#failures.fill(0)
  }
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)
