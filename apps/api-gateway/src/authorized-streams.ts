import type { AccessTokenClaims } from '@alicerce/access-tokens'
import type { OpenStream } from '@alicerce/reverse-proxy'

/** An end that nobody announces is found out in this time: a revoked token fails within a second everywhere (GW-38). */
const sweepMilliseconds = 500

/** Streams that are open beyond the request that their token was checked for: they end with it (GW-52). */
export class AuthorizedStreams {
  readonly #stillHolds: (claims: AccessTokenClaims) => boolean
  readonly #open = new Map<OpenStream, AccessTokenClaims>()
  #timer: NodeJS.Timeout | undefined

  constructor(stillHolds: (claims: AccessTokenClaims) => boolean) {
    this.#stillHolds = stillHolds
  }

  /** Follows a stream until what is given is called. */
  follow(claims: AccessTokenClaims, stream: OpenStream): () => void {
    this.#open.set(stream, claims)
    this.#timer ??= setInterval(() => this.#sweep(), sweepMilliseconds).unref()
    return () => {
      this.#open.delete(stream)
      if (this.#open.size === 0) this.close()
    }
  }

  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #sweep(): void {
    for (const [stream, claims] of this.#open) if (!this.#stillHolds(claims)) stream.bar()
  }
}
