/** The slots of a window that moves on: what is counted in them is forgotten one slot at a time. */
export class Slots {
  readonly #count: number
  readonly #milliseconds: number
  readonly #clear: (slot: number) => void
  #newest: number

  /** `milliseconds`: of one slot. `now`: when counting begins, by a clock that does not go back. `clear` forgets what a slot has counted. */
  constructor(count: number, milliseconds: number, now: number, clear: (slot: number) => void) {
    this.#count = count
    this.#milliseconds = milliseconds
    this.#clear = clear
    this.#newest = Math.floor(now / milliseconds)
  }

  /** The slot of this moment, with those cleared that the window has left. */
  at(now: number): number {
    const number = Math.floor(now / this.#milliseconds)
    for (let past = Math.max(this.#newest + 1, number - this.#count + 1); past <= number; past++)
      this.#clear(past % this.#count)
    this.#newest = Math.max(this.#newest, number)
    return this.#newest % this.#count
  }

  /** When the oldest slot began. Call {@link at} first. */
  get beganAt(): number {
    return (this.#newest - this.#count + 1) * this.#milliseconds
  }
}
