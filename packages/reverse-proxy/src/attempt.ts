import type { AttemptWatch } from './attempt-watch.ts'
import type { Cluster } from './clusters/cluster.ts'
import { type Destination, noteAnswer } from './clusters/destination.ts'
import type { Flow, UpstreamListener, UpstreamRequest } from './forwarding/forwarder.ts'
import {
  AttemptTimeout,
  blamesDestination,
  type ForwarderErrorName,
  NotWanted,
  nameError,
} from './forwarding/forwarder-error.ts'
import type { Outcome } from './resilience/circuit-breaker.ts'

/** Hears of attempts. */
export type AttemptOwner = {
  onAttemptInformation(status: number, rawHeaders: string[]): void
  /** `false`: this answer is not wanted; the attempt drops it. */
  onAttemptHeaders(attempt: Attempt, status: number, rawHeaders: string[], message: string): boolean
  onAttemptData(chunk: Buffer): boolean
  onAttemptTrailers(rawTrailers: string[]): void
  onAttemptEnd(attempt: Attempt): void
  onAttemptError(attempt: Attempt, error: Error, name: ForwarderErrorName): void
}

/** What a dropped answer may have, in bytes, before its connection is given up instead of read to its end. */
const mostDropped = 65_536

/** One request to one destination, and what the destination's records are told of it: exactly once, however it ends. */
export class Attempt implements UpstreamListener {
  readonly destination: Destination
  /** The header that ties the client to the destination. */
  readonly tie: readonly [name: string, value: string] | undefined
  readonly startedAt = performance.now()
  /** How long it waited for its connection to open, and until it was sent at all; `undefined` where it was not. */
  connectMilliseconds = 0
  sentAfter: number | undefined
  /** Until the head of the answer; 0 where none came. */
  headersAfter = 0
  readonly #owner: AttemptOwner
  readonly #cluster: Cluster
  readonly #isProbe: boolean
  readonly #watch: AttemptWatch | undefined
  #flow: Flow | undefined
  #timer: NodeJS.Timeout | undefined
  #status = 0
  #isDropping = false
  #dropped = 0
  #isOver = false

  constructor(
    owner: AttemptOwner,
    cluster: Cluster,
    { destination, tie }: Pick<Attempt, 'destination' | 'tie'>,
    watch: AttemptWatch | undefined,
  ) {
    this.#owner = owner
    this.#cluster = cluster
    this.destination = destination
    this.tie = tie
    this.#watch = watch
    this.#isProbe = cluster.begin(destination)
  }

  /** `timeoutMilliseconds`: until the answer's headers. */
  send(request: UpstreamRequest, timeoutMilliseconds: number | undefined): void {
    if (timeoutMilliseconds !== undefined)
      this.#timer = setTimeout(() => this.abort(new AttemptTimeout()), timeoutMilliseconds)
    const flow = this.destination.forwarder.send(request, this)
    // What fails at once has told so already.
    if (!this.#isOver) this.#flow = flow
  }

  abort(reason: Error): void {
    this.#flow?.abort(reason)
  }

  resume(): void {
    this.#flow?.resume()
  }

  onBegin(connectMilliseconds: number): void {
    this.connectMilliseconds = connectMilliseconds
    this.sentAfter = performance.now() - this.startedAt
  }

  onInformation(status: number, rawHeaders: string[]): void {
    this.#owner.onAttemptInformation(status, rawHeaders)
  }

  onHeaders(status: number, rawHeaders: string[], message: string): void {
    clearTimeout(this.#timer)
    this.#status = status
    this.headersAfter = performance.now() - this.startedAt
    this.#isDropping = !this.#owner.onAttemptHeaders(this, status, rawHeaders, message)
  }

  onData(chunk: Buffer): boolean {
    if (!this.#isDropping) return this.#owner.onAttemptData(chunk)
    this.#dropped += chunk.length
    if (this.#dropped > mostDropped) this.abort(new NotWanted())
    return true
  }

  onTrailers(rawTrailers: string[]): void {
    if (!this.#isDropping) this.#owner.onAttemptTrailers(rawTrailers)
  }

  onEnd(): void {
    this.#finish('None')
    if (!this.#isDropping) this.#owner.onAttemptEnd(this)
  }

  onError(error: Error): void {
    const name = nameError(error, this.#status > 0)
    this.#finish(name)
    if (!this.#isDropping) this.#owner.onAttemptError(this, error, name)
  }

  #finish(name: ForwarderErrorName): void {
    if (this.#isOver) return
    this.#isOver = true
    clearTimeout(this.#timer)
    this.#watch?.end(this.#status, name)
    const outcome = this.#outcomeOf(name)
    this.#remember(outcome)
    this.#cluster.end(this.destination, { outcome, isProbe: this.#isProbe, name, status: this.#status })
  }

  #remember(outcome: Outcome | undefined): void {
    const now = performance.now()
    const milliseconds = this.headersAfter || now - this.startedAt
    noteAnswer(this.destination, this.#status, milliseconds)
    if (outcome) this.destination.recent.add(outcome === 'failure' || this.#status >= 500, milliseconds, now)
  }

  /** `undefined` where it says nothing of the destination: the client left, or its body was wrong. */
  #outcomeOf(name: ForwarderErrorName): Outcome | undefined {
    const breaker = this.destination.breaker?.configuration
    if (blamesDestination(name) || breaker?.statuses.has(this.#status)) return 'failure'
    if (this.#status === 0) return undefined
    return this.headersAfter > (breaker?.slowMilliseconds ?? Number.POSITIVE_INFINITY) ? 'slow' : 'success'
  }
}
