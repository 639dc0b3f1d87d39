import type { Refusal } from '#src/exchange.ts'
import type { ForwarderErrorName } from '#src/forwarding/forwarder-error.ts'
import { upstreamRefusal } from '#src/refusals.ts'
import type { Asked } from './asked.ts'
import type { Call } from './call.ts'
import type { StoredAnswer } from './stored-answer.ts'

/** What came of a fetch, for those who waited for it. */
export type Landing =
  /** It is stored, as the variant that these headers tell apart. */
  | {
      readonly kind: 'stored'
      readonly stored: StoredAnswer
      readonly names: readonly string[]
      readonly variant: string
    }
  /** The service failed, and what was stored takes its place. */
  | { readonly kind: 'stale'; readonly stored: StoredAnswer }
  /** The service failed. */
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly error: ForwarderErrorName }
  /** What came is for one client alone. `isUsual`: so will be what comes next. */
  | { readonly kind: 'unstorable'; readonly isUsual: boolean }
  /** What was to be confirmed is not what the service has: it must be fetched whole. */
  | { readonly kind: 'again' }

type Waiter = { leave(): void; resume(landing: Landing): void }

/** One fetch that many may wait for. */
export class Flight {
  readonly asked: Asked
  /** Somebody changed what is fetched: it is not kept. */
  isVoid = false
  /** Called when nobody waits any longer. */
  onDeserted: () => void = () => {}
  /** Ends it, whoever waits. */
  abort: () => void = () => {}
  readonly #onLanding: (landing: Landing) => void
  readonly #waiters = new Set<Waiter>()
  #hasLanded = false

  constructor(asked: Asked, onLanding: (landing: Landing) => void) {
    this.asked = asked
    this.#onLanding = onLanding
  }

  get hasWaiters(): boolean {
    return this.#waiters.size > 0
  }

  /** Lets a call wait, but not for ever: its client is then told what it would be told had it waited for the service itself. */
  join({ exchange, outlet, asked }: Call, resume: Waiter['resume']): void {
    const end = (error: ForwarderErrorName) => {
      waiter.leave()
      exchange.error = error
      if (error === 'RequestTimedOut') outlet.refuse(upstreamRefusal(error))
      outlet.done()
      if (!this.hasWaiters) this.onDeserted()
    }
    const onClose = () => end('RequestCanceled')
    const timer = setTimeout(() => end('RequestTimedOut'), asked.partition.patienceMilliseconds)
    const waiter: Waiter = {
      resume,
      leave: () => {
        clearTimeout(timer)
        outlet.response.off('close', onClose)
        this.#waiters.delete(waiter)
      },
    }
    outlet.response.once('close', onClose)
    this.#waiters.add(waiter)
  }

  /** Tells all who wait, at once. Only the first landing counts. */
  land(landing: Landing): void {
    if (this.#hasLanded) return
    this.#hasLanded = true
    this.#onLanding(landing)
    for (const waiter of [...this.#waiters]) {
      waiter.leave()
      waiter.resume(landing)
    }
  }
}
