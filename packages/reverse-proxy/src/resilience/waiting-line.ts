/** One that waits. */
export type Waiter = {
  /** Gives `false` where the turn is of no use to it, and it does not wait any longer. */
  turn(): boolean
  tooLong(): void
}

/** Exchanges that wait until another has ended: first come, first served, bounded in number and in time (GW-33). */
export class WaitingLine {
  /** In the order in which they came. */
  readonly #waiting = new Set<{ turn(): boolean; timer: NodeJS.Timeout }>()

  get length(): number {
    return this.#waiting.size
  }

  /**
   * Waits for a turn.
   * @returns how to leave the line, or `undefined` where it is full
   */
  wait(
    limits: { queueLength: number; queueMilliseconds: number },
    { turn, tooLong }: Waiter,
  ): (() => void) | undefined {
    if (this.#waiting.size >= limits.queueLength) return undefined
    const timer = setTimeout(() => {
      this.#waiting.delete(entry)
      tooLong()
    }, limits.queueMilliseconds)
    const entry = { turn, timer }
    this.#waiting.add(entry)
    return () => {
      clearTimeout(timer)
      this.#waiting.delete(entry)
    }
  }

  /** One exchange has ended: the first in the line has its turn, and where it cannot use it, the one behind it. */
  next(): void {
    for (const first of this.#waiting) {
      clearTimeout(first.timer)
      this.#waiting.delete(first)
      if (first.turn()) return
    }
  }
}
