import type { Readable } from 'node:stream'
import type { PassedFields } from '#src/transforms/passed-fields.ts'

/** What goes to an upstream. */
export type UpstreamRequest = {
  readonly method: string
  /** Path and query. */
  readonly path: string
  /** Of the client's fields, those that go on as they came. They are sent first. */
  readonly passed?: PassedFields | undefined
  /** All others: names in lower case and values in turn, `host` among them. */
  readonly headers: string[]
  /** A stream is sent once; bytes are sent as often as they are needed. */
  readonly body: Readable | Buffer | undefined
  /**
   * Whether the upstream is to say that it wants the body before anything is read of it (RFC 9110 §10.1.1). Not every forwarder can ask; then it reads
   * at once. Default: not.
   */
  readonly awaitsContinue?: boolean
  /** How long nothing may flow. */
  readonly activityTimeoutMilliseconds: number
}

/** Hears what comes back. After `onEnd` or `onError` nothing follows. */
export type UpstreamListener = {
  /**
   * The request is being sent. `connectMilliseconds`: how long it has waited for its connection to open; 0 where that was open. Called again where it is
   * sent once more, because a connection had closed.
   */
  onBegin?(connectMilliseconds: number): void
  /** An answer before the answer: 1xx other than 100 and 101. */
  onInformation?(status: number, rawHeaders: string[]): void
  /** Headers of the final answer: names and values in turn. */
  onHeaders(status: number, rawHeaders: string[], message: string): void
  /** `false` asks for a pause; call {@link Flow.resume} to go on. */
  onData(chunk: Buffer): boolean
  /** Fields behind a chunked body, right before `onEnd`: names and values in turn. */
  onTrailers?(rawTrailers: string[]): void
  onEnd(): void
  onError(error: Error): void
}

/** Steers one request at work. */
export type Flow = { resume(): void; abort(reason: Error): void }

/** Sends requests to one destination, over connections of its own. */
export type Forwarder = {
  send(request: UpstreamRequest, listener: UpstreamListener): Flow
  /** Lets requests at work end, then closes the connections. */
  close(): Promise<void>
}
