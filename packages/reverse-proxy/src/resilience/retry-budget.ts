import type { RetryBudgetConfiguration } from './resilience-configuration.ts'

const seconds = 10

/**
 * Bounds the retries of a cluster by its requests: a service that is down altogether gets little more traffic than its clients send, however
 * many of them are retried (GW-30). Counts by whole seconds, for the last ten.
 */
export class RetryBudget {
  readonly #configuration: RetryBudgetConfiguration
  readonly #now: () => number
  readonly #requests = new Array<number>(seconds).fill(0)
  readonly #retries = new Array<number>(seconds).fill(0)
  #second = 0

  /** `now`: in milliseconds. */
  constructor(configuration: RetryBudgetConfiguration, now: () => number) {
    this.#configuration = configuration
    this.#now = now
  }

  noteRequest(): void {
    const slot = this.#advance()
    this.#requests[slot] = (this.#requests[slot] as number) + 1
  }

  /** Takes one retry where there is one left. */
  take(): boolean {
    const slot = this.#advance()
    const { ratio, minimumPerSecond } = this.#configuration
    if (sum(this.#retries) >= sum(this.#requests) * ratio + minimumPerSecond * seconds) return false
    this.#retries[slot] = (this.#retries[slot] as number) + 1
    return true
  }

  /** Forgets what is older than the window, and gives the slot of this second. */
  #advance(): number {
    const second = Math.floor(this.#now() / 1000)
    for (let past = Math.max(this.#second + 1, second - seconds + 1); past <= second; past++) {
      this.#requests[past % seconds] = 0
      this.#retries[past % seconds] = 0
    }
    this.#second = Math.max(this.#second, second)
    return this.#second % seconds
  }
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)
