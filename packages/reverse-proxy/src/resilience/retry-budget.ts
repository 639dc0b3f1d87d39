import type { RetryBudgetConfiguration } from './resilience-configuration.ts'
import { SlidingCounts } from './sliding-counts.ts'

const windowSeconds = 10

/**
 * Bounds the retries of a cluster by its requests of the last ten seconds: a service that is down altogether gets little more traffic than its
 * clients send, however many of them are retried (GW-30).
 */
export class RetryBudget {
  readonly #configuration: RetryBudgetConfiguration
  readonly #now: () => number
  readonly #requests = new SlidingCounts(windowSeconds * 1000)
  readonly #retries = new SlidingCounts(windowSeconds * 1000)

  /** `now`: in milliseconds. */
  constructor(configuration: RetryBudgetConfiguration, now: () => number) {
    this.#configuration = configuration
    this.#now = now
  }

  noteRequest(): void {
    this.#requests.add(false, this.#now())
  }

  /** How many retries there are now. */
  get left(): number {
    const { ratio, minimumPerSecond } = this.#configuration
    const now = this.#now()
    const allowed = this.#requests.read(now).total * ratio + minimumPerSecond * windowSeconds
    return Math.max(0, Math.ceil(allowed - this.#retries.read(now).total))
  }

  /** Takes one retry where there is one left. */
  take(): boolean {
    if (this.left === 0) return false
    this.#retries.add(false, this.#now())
    return true
  }
}
