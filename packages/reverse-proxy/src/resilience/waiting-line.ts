/** Exchanges that wait until another has ended: first come, first served, bounded in number and in time (GW-33). */
export class WaitingLine {
  /** In the order in which they came. */
  readonly #waiting = new Set<{ turn(): void; timer: NodeJS.Timeout }>()

  get length(): number {
    return this.#waiting.size
  }

  /**
   * Waits for a turn.
   * @returns how to leave the line, or `undefined` where it is full
   */
  wait(
    limits: { queueLength: number; queueMilliseconds: number },
    { turn, tooLong }: { turn(): void; tooLong(): void },
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

  /** One exchange has ended: the first in the line has its turn. */
  next(): void {
    const [first] = this.#waiting
    if (!first) return
    clearTimeout(first.timer)
    this.#waiting.delete(first)
    first.turn()
  }
}
