import type { Duplex } from 'node:stream'
import { breakOff, closeNow } from './end-duplex.ts'
import { goingAway, notAllowed, type WebSocketFrames } from './web-socket-frames.ts'

/** How a tunnel is made. */
export type TunnelParts = {
  client: Duplex
  upstream: Duplex
  /** How long nothing may flow in either direction. */
  idleMilliseconds: number
  /** Follows what the upstream sends; `undefined` where that is no WebSocket. */
  frames: WebSocketFrames | undefined
  /** Called with how many bytes came of the client. */
  onReceived(bytes: number): void
  /** Called with how many bytes went to it. */
  onSent(bytes: number): void
  /** Called once, when both sides have closed. */
  onClosed(reason: TunnelEnd): void
}

/** Why a tunnel ended: by one of its sides, since nothing flowed, or since its client might not go on. */
export type TunnelEnd = 'ended' | 'idle' | 'barred'

/** How long a client that may not go on has to say that it has understood. */
const barredMilliseconds = 2000

/**
 * Carries bytes between a client and an upstream that have changed to another protocol, each direction until it ends: one may end long before the
 * other (RFC 9110 §7.8). Nothing is read that the other side has no room for.
 */
export class Tunnel {
  readonly #parts: TunnelParts
  readonly #timer: NodeJS.Timeout
  #deadline: NodeJS.Timeout | undefined
  #open = 2
  #reason: TunnelEnd = 'ended'
  #farewell = goingAway
  /** `wanted`: at the next end of a frame. `said`: nothing of the upstream's may follow (RFC 6455 §5.5.1). */
  #goodbye: 'none' | 'wanted' | 'said' = 'none'

  constructor(parts: TunnelParts) {
    const { client, upstream, idleMilliseconds } = parts
    this.#parts = parts
    this.#timer = setTimeout(() => {
      this.#reason = 'idle'
      this.destroy()
    }, idleMilliseconds)
    this.#watch(client, upstream)
    this.#watch(upstream, client)
    client.on('data', (chunk: Buffer) => {
      this.#timer.refresh()
      if (this.#reason === 'barred') return
      parts.onReceived(chunk.length)
      if (!upstream.write(chunk)) client.pause()
    })
    upstream.on('data', (chunk: Buffer) => {
      this.#timer.refresh()
      parts.onSent(chunk.length)
      if (!this.#toClient(chunk)) upstream.pause()
    })
    client.resume()
    upstream.resume()
  }

  /** Ends it: a WebSocket is told that the server goes away, and has so long to answer. Any other protocol is cut. */
  shutDown(milliseconds: number): void {
    if (this.#reason === 'barred') return
    this.#deadline = setTimeout(() => this.destroy(), milliseconds)
    this.#sayGoodbyeSoon()
  }

  /**
   * Ends it because its client may not go on: nothing that it sends goes to the upstream any more, and nothing goes to the client but what is left of a
   * frame that is under way. A WebSocket is told why. Any other protocol is cut.
   */
  bar(): void {
    if (this.#reason === 'barred') return
    this.#reason = 'barred'
    this.#farewell = notAllowed
    clearTimeout(this.#deadline)
    this.#deadline = setTimeout(() => this.destroy(), barredMilliseconds)
    // Its bytes are read and dropped, so that its answer and its end are heard.
    this.#parts.client.resume()
    if (this.#goodbye === 'said') this.#part()
    else this.#sayGoodbyeSoon()
  }

  /** Cuts it. */
  destroy(): void {
    closeNow(this.#parts.client)
    closeNow(this.#parts.upstream)
  }

  /** Gives whether the client takes more. */
  #toClient(chunk: Buffer): boolean {
    const { client, frames } = this.#parts
    if (this.#goodbye === 'said') return true
    if (this.#goodbye === 'none') {
      frames?.take(chunk)
      return client.write(chunk)
    }
    const end = frames?.next(chunk, 0) ?? chunk.length
    const takesMore = client.write(chunk.subarray(0, end))
    if (frames?.isBetween) this.#sayGoodbye()
    else if (frames?.isLost) this.destroy()
    return takesMore
  }

  #sayGoodbyeSoon(): void {
    const { frames } = this.#parts
    if (!frames || frames.isLost) this.destroy()
    else if (frames.isBetween) this.#sayGoodbye()
    else this.#goodbye = 'wanted'
  }

  #sayGoodbye(): void {
    this.#goodbye = 'said'
    this.#parts.client.write(this.#farewell)
    if (this.#reason === 'barred') this.#part()
  }

  /** The client has its last frame, and the upstream no client any more. */
  #part(): void {
    const { client, upstream } = this.#parts
    client.end()
    breakOff(upstream)
  }

  #watch(one: Duplex, other: Duplex): void {
    // A client that is barred has its last frame on the way.
    const breakOffOther = () => {
      if (this.#reason !== 'barred' || other !== this.#parts.client) breakOff(other)
    }
    one.on('error', breakOffOther)
    // A stream of HTTP/2 that was reset ends as one does that was ended.
    one.on('aborted', breakOffOther)
    one.on('drain', () => other.resume())
    // A client may have ended its half before the other protocol began.
    if (one.readableEnded) other.end()
    else one.on('end', () => other.end())
    one.on('close', () => {
      // What has ended in both directions has left nothing that the other waits for.
      if (!one.readableEnded || !one.writableFinished) breakOffOther()
      this.#open--
      if (this.#open > 0) return
      clearTimeout(this.#timer)
      clearTimeout(this.#deadline)
      this.#parts.onClosed(this.#reason)
    })
  }
}
