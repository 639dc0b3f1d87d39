import type { BreakerConfiguration } from './resilience-configuration.ts'
import { SlidingCounts } from './sliding-counts.ts'

/** How an exchange with a destination went. */
export type Outcome = 'success' | 'failure' | 'slow'

/**
 * Leaves a destination alone while most of what it is asked fails or is slow, then tries it with a few requests (GW-32).
 */
export class CircuitBreaker {
  readonly configuration: BreakerConfiguration
  readonly #now: () => number
  readonly #failures: SlidingCounts
  readonly #slow: SlidingCounts
  #state: 'closed' | 'open' | 'half-open' = 'closed'
  #openUntil = 0
  #openMilliseconds: number
  #probesAtWork = 0
  #probesDone = 0

  /** `now`: in milliseconds. */
  constructor(configuration: BreakerConfiguration, now: () => number) {
    this.configuration = configuration
    this.#now = now
    this.#openMilliseconds = configuration.openMilliseconds
    this.#failures = new SlidingCounts(configuration.windowMilliseconds)
    this.#slow = new SlidingCounts(configuration.windowMilliseconds)
  }

  get state(): 'closed' | 'open' | 'half-open' {
    return this.#state
  }

  /** Whether a request may be sent. Sends nothing itself: say so by {@link begin}. */
  get admits(): boolean {
    if (this.#state === 'closed') return true
    if (this.#state === 'open') return this.#now() >= this.#openUntil
    return this.#probesAtWork + this.#probesDone < this.configuration.probes
  }

  /** How long it stays open. */
  get remainingMilliseconds(): number {
    return this.#state === 'open' ? Math.max(0, this.#openUntil - this.#now()) : 0
  }

  /** A request is sent. Gives whether it is a probe; hand that to {@link end}. */
  begin(): boolean {
    if (this.#state === 'closed') return false
    if (this.#state === 'open') {
      this.#state = 'half-open'
      this.#probesAtWork = 0
      this.#probesDone = 0
    }
    this.#probesAtWork++
    return true
  }

  /** How it went; `undefined` where that says nothing of the destination, as when the client left. */
  end(outcome: Outcome | undefined, isProbe: boolean): void {
    if (this.#state === 'half-open') {
      if (isProbe) this.#endProbe(outcome)
    } else if (this.#state === 'closed' && !isProbe && outcome) this.#count(outcome)
  }

  #endProbe(outcome: Outcome | undefined): void {
    this.#probesAtWork--
    if (outcome === undefined) return
    if (outcome !== 'success') {
      this.#openMilliseconds = Math.min(
        this.#openMilliseconds * 2,
        this.configuration.longestOpenMilliseconds,
      )
      this.#open()
      return
    }
    this.#probesDone++
    if (this.#probesDone < this.configuration.probes) return
    this.#state = 'closed'
    this.#openMilliseconds = this.configuration.openMilliseconds
    this.#forget()
  }

  #count(outcome: Outcome): void {
    const { minimumRequests, failureRatio, slowRatio, slowMilliseconds } = this.configuration
    const now = this.#now()
    this.#failures.add(outcome === 'failure', now)
    this.#slow.add(outcome === 'slow', now)
    if (outcome === 'success') return
    const failures = this.#failures.read(now)
    if (failures.total < minimumRequests) return
    const isSlow = slowMilliseconds !== undefined && this.#slow.read(now).failureRatio >= slowRatio
    if (failures.failureRatio >= failureRatio || isSlow) this.#open()
  }

  #open(): void {
    this.#state = 'open'
    this.#openUntil = this.#now() + this.#openMilliseconds
    this.#forget()
  }

  #forget(): void {
    this.#failures.clear()
    this.#slow.clear()
  }
}
