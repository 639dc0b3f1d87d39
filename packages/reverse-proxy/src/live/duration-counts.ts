/** Upper bounds of the buckets, in seconds: those that the platform's other histograms have. */
export const durationBounds: readonly number[] = [
  ...[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
]

/** Counts durations for a histogram: one costs a look for its bucket and two additions. Never reset: whoever reads it takes differences. */
export class DurationCounts {
  /** One more than there are bounds: the last counts what is above all of them. */
  readonly counts: number[] = new Array<number>(durationBounds.length + 1).fill(0)
  /** Of all durations, in seconds. */
  sum = 0

  add(milliseconds: number): void {
    const seconds = milliseconds / 1000
    let slot = 0
    while (slot < durationBounds.length && seconds > (durationBounds[slot] as number)) slot++
    this.counts[slot] = (this.counts[slot] as number) + 1
    this.sum += seconds
  }
}
