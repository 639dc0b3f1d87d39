import type { Duplex, Readable } from 'node:stream'

/** A request that offers a destination to change to another protocol. */
export type UpgradeOffer = {
  /** In lower case. */
  readonly protocol: string
  readonly method: string
  /** Path and query. */
  readonly path: string
  /** Names in lower case and values in turn, `host` among them, and nothing that belongs to one hop. */
  readonly headers: readonly string[]
  /** It is being made. `connectMilliseconds`: how long it took to open a connection; 0 where one was open. */
  onBegin(connectMilliseconds: number): void
  /** Hears of an answer before the answer: 1xx other than 100 and 101. */
  onInformation(status: number, rawHeaders: string[]): void
}

/** What a destination says to an offer, in the form of HTTP/1.1: headers are names and values in turn. */
export type UpgradeAnswer =
  | { readonly kind: 'switched'; readonly rawHeaders: string[]; readonly stream: Duplex }
  | {
      readonly kind: 'refused'
      readonly status: number
      readonly message: string
      readonly rawHeaders: string[]
      readonly body: Readable
    }
