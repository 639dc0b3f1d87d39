import { Slots } from '#src/resilience/slots.ts'

/** What became of requests in the last minute. */
export type RecentSummary = {
  readonly requestsPerSecond: number
  readonly failuresPerSecond: number
  /** Half of the answers came within so many milliseconds; `undefined` where there were none. */
  readonly p50: number | undefined
  readonly p95: number | undefined
}

/** What was counted in the last minute. Those of several counters can be added up: see {@link summarize}. */
export type RecentCounts = {
  /** For how long was counted. */
  readonly seconds: number
  readonly requests: number
  readonly failures: number
  /** How many fell into each step of durations. */
  readonly durations: readonly number[]
}

/** The minute in slots of five seconds: the newest one is not full yet. */
const [slots, slotMilliseconds] = [12, 5000]

/** Durations are counted in four steps an octave, from a quarter of a millisecond to more than a minute: a tenth off at most. */
const [shortest, steps, durations] = [0.25, 4, 72]
const [requests, failures, firstDuration] = [0, 1, 2]
const width = firstDuration + durations

/**
 * Counts requests, failures and durations of the last minute. It takes the same memory, and a request costs the same few additions, however many
 * there are. `now`, as everywhere here: milliseconds of `performance.now()`, which does not go back.
 */
export class RecentExchanges {
  readonly #counts = new Uint32Array(slots * width)
  readonly #startedAt: number
  readonly #slots: Slots

  constructor(now: number) {
    this.#startedAt = now
    this.#slots = new Slots(slots, slotMilliseconds, now, (slot) =>
      this.#counts.fill(0, slot * width, (slot + 1) * width),
    )
  }

  add(isFailure: boolean, milliseconds: number, now: number): void {
    const slot = this.#slots.at(now) * width
    this.#count(slot + requests)
    if (isFailure) this.#count(slot + failures)
    this.#count(slot + firstDuration + stepOf(milliseconds))
  }

  read(now: number): RecentSummary {
    return summarize([this.counts(now)])
  }

  counts(now: number): RecentCounts {
    this.#slots.at(now)
    const sums = new Float64Array(width)
    for (let index = 0; index < this.#counts.length; index++)
      sums[index % width] = (sums[index % width] as number) + (this.#counts[index] as number)
    // At least one slot: a request in the first moments would be thousands a second.
    const seconds = Math.max(now - Math.max(this.#slots.beganAt, this.#startedAt), slotMilliseconds) / 1000
    return {
      seconds,
      requests: sums[requests] as number,
      failures: sums[failures] as number,
      durations: [...sums.subarray(firstDuration)],
    }
  }

  #count(index: number): void {
    this.#counts[index] = (this.#counts[index] as number) + 1
  }
}

/** Adds up what several counters have counted at the same time. */
export function summarize(all: readonly RecentCounts[]): RecentSummary {
  const sums = new Float64Array(durations)
  let [total, requestsPerSecond, failuresPerSecond] = [0, 0, 0]
  for (const counts of all) {
    total += counts.requests
    requestsPerSecond += counts.requests / counts.seconds
    failuresPerSecond += counts.failures / counts.seconds
    for (const [step, count] of counts.durations.entries()) sums[step] = (sums[step] as number) + count
  }
  const [p50, p95] = [percentile(sums, total, 0.5), percentile(sums, total, 0.95)]
  return { requestsPerSecond, failuresPerSecond, p50, p95 }
}

function stepOf(milliseconds: number): number {
  if (!(milliseconds > shortest)) return 0
  return Math.min(durations - 1, Math.floor(Math.log2(milliseconds / shortest) * steps))
}

/** The middle of the step that the request at this place of the order fell into. */
function percentile(sums: Float64Array, total: number, share: number): number | undefined {
  let left = Math.ceil(total * share)
  if (left === 0) return undefined
  for (let step = 0; step < durations; step++) {
    left -= sums[step] as number
    if (left <= 0) return shortest * 2 ** ((step + 0.5) / steps)
  }
  return undefined
}
