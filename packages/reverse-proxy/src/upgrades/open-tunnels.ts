/** Something that is open beyond the request that began it. */
export type Open = {
  /** Ends it in a way that its client understands, where there is one, within so long. */
  shutDown(milliseconds: number): void
  /** Cuts it. */
  destroy(): void
}

/** What of the time to close belongs to each, so that its client can answer. */
const ownShare = 0.2

/** What is open beyond its request: servers do not wait for it, so somebody else must. */
export class OpenTunnels {
  readonly #open = new Set<Open>()
  #closing: PromiseWithResolvers<void> | undefined
  #ownMilliseconds = 0

  add(tunnel: Open): void {
    this.#open.add(tunnel)
    // It was under way when the closing began.
    if (this.#closing) tunnel.shutDown(this.#ownMilliseconds)
  }

  delete(tunnel: Open): void {
    this.#open.delete(tunnel)
    if (this.#open.size === 0) this.#closing?.resolve()
  }

  /**
   * Ends one after the other, spread over the time: their clients come back one after the other too, and not all in the moment of a deployment
   * (GW-66). Resolves when all have closed.
   */
  async close(milliseconds: number): Promise<void> {
    this.#closing = Promise.withResolvers()
    this.#ownMilliseconds = milliseconds * ownShare
    const pause = (milliseconds - this.#ownMilliseconds) / Math.max(1, this.#open.size)
    const timers = [...this.#open].map((tunnel, index) =>
      setTimeout(() => tunnel.shutDown(this.#ownMilliseconds), pause * index),
    )
    if (this.#open.size > 0) await this.#closing.promise
    for (const timer of timers) clearTimeout(timer)
  }

  /** Cuts what is still open. */
  destroy(): void {
    for (const tunnel of this.#open) tunnel.destroy()
  }
}
