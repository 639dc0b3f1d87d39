/**
 * Keeps up to `size` values by their texts. There are two generations: what was asked for since the younger one began stays, the rest of the
 * older one leaves with it. A hit changes nothing in most cases; taking an entry out and in again at each hit costs fifty microseconds, once a
 * map of ten thousand is full of holes.
 */
export class Generations<Value extends object> {
  readonly #size: number
  #young = new Map<string, Value>()
  #old = new Map<string, Value>()
  /** How many of the older generation are in the younger one as well. */
  #kept = 0
  #evictions = 0

  constructor(size: number) {
    this.#size = size
  }

  get(text: string): Value | undefined {
    const recent = this.#young.get(text)
    if (recent) return recent
    const older = this.#old.get(text)
    if (older) {
      this.#kept++
      this.set(text, older)
    }
    return older
  }

  set(text: string, value: Value): void {
    if (this.#young.size >= this.#size / 2) {
      this.#evictions += this.#old.size - this.#kept
      this.#kept = 0
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(text, value)
  }

  delete(text: string): void {
    const wasYoung = this.#young.delete(text)
    if (this.#old.delete(text) && wasYoung) this.#kept--
  }

  /** How many values have left because there was no room for them. */
  get evictions(): number {
    return this.#evictions
  }

  get size(): number {
    return this.#young.size + this.#old.size - this.#kept
  }
}
