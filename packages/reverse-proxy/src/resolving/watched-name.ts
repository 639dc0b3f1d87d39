import type { Log } from '#src/ports.ts'
import type { DestinationResolver, ResolvedAddress, ResolverConfiguration } from './destination-resolver.ts'

/** How soon a name is asked for again that could not be resolved, in milliseconds. */
const retryMilliseconds = 5000

/** One name that is asked for again and again. The last good answer holds until there is another. */
export class WatchedName {
  readonly #name: string
  readonly #configuration: ResolverConfiguration
  readonly #parts: { resolver: DestinationResolver; log: Log; onChange(): void }
  #addresses: readonly ResolvedAddress[] | undefined
  #timer: NodeJS.Timeout | undefined
  #isStopped = false
  /** Resolves when the first answer is there, or could not be had. */
  readonly asked: Promise<void>

  constructor(
    name: string,
    configuration: ResolverConfiguration,
    parts: { resolver: DestinationResolver; log: Log; onChange(): void },
  ) {
    this.#name = name
    this.#configuration = configuration
    this.#parts = parts
    this.asked = this.#ask()
  }

  /** In an order that does not change; `undefined` until it is known. The same object as long as it is the same answer. */
  get addresses(): readonly ResolvedAddress[] | undefined {
    return this.#addresses
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
  }

  async #ask(): Promise<void> {
    const { refreshMilliseconds } = this.#configuration
    const { resolver, log } = this.#parts
    let pause = refreshMilliseconds
    try {
      this.#take(await resolver.resolve(this.#name, this.#configuration))
    } catch (error) {
      pause = Math.min(refreshMilliseconds, retryMilliseconds)
      log.warn(
        { error, name: this.#name, known: this.#addresses?.length ?? 0 },
        'A name of destinations could not be resolved: what is known of it holds',
      )
    }
    if (!this.#isStopped) this.#timer = setTimeout(() => void this.#ask(), pause).unref()
  }

  #take(answer: readonly ResolvedAddress[]): void {
    const inOrder = [...new Map(answer.map((one) => [keyOf(one), one])).entries()]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, address]) => address)
    if (this.#isStopped || (this.#addresses && textOf(this.#addresses) === textOf(inOrder))) return
    this.#addresses = inOrder
    this.#parts.onChange()
  }
}

const keyOf = ({ address, port }: ResolvedAddress) => `${address} ${port ?? ''}`
const textOf = (addresses: readonly ResolvedAddress[]) => addresses.map(keyOf).join()
