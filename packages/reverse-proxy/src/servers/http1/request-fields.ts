import type { EdgeRefusal } from '#src/edge/edge-refusal.ts'
import { type Framing, readFraming } from '#src/edge/framing.ts'
import type { InspectedFields } from '#src/edge/inspect-fields.ts'
import { type PassedFields, passFields } from '#src/transforms/passed-fields.ts'
import type { RouteTransforms } from '#src/transforms/transform.ts'

/**
 * The header fields of a request, and what follows of them alone. A client that sends the same fields again has the same object: what was
 * worked out of them once is at hand.
 */
export class RequestFields {
  /** Names and values in turn, as they were written. */
  readonly rawHeaders: string[]
  /** `1.1`, `1.0`, or one that is not served: what fields mean depends on it. */
  readonly version: string
  /** A refusal where it cannot be told how the body is framed: none of it is read then. */
  readonly framing: Framing | EdgeRefusal
  /** Whether the client waits for `100 Continue` before it sends the body (RFC 9110 §10.1.1). */
  readonly expectsContinue: boolean
  /** Whether the client wants to send further requests on its connection (RFC 9112 §9.3). */
  readonly keepsAlive: boolean
  /** What the edge says of them, once it was asked. */
  inspected: InspectedFields | EdgeRefusal | undefined = undefined
  #transforms: RouteTransforms | undefined
  #passed: PassedFields | undefined

  constructor(rawHeaders: string[], version: string) {
    this.rawHeaders = rawHeaders
    this.version = version
    this.framing = readFraming(rawHeaders, version)
    let keepsAlive = version === '1.1'
    let closes = false
    let expects = false
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const name = rawHeaders[index] as string
      const value = rawHeaders[index + 1] as string
      if (name.length === 10 && name.toLowerCase() === 'connection') {
        if (closeToken.test(value)) closes = true
        if (keepAliveToken.test(value)) keepsAlive = true
      } else if (name.length === 6 && name.toLowerCase() === 'expect') {
        expects = version === '1.1' && value.toLowerCase() === '100-continue'
      }
    }
    this.expectsContinue = expects
    this.keepsAlive = keepsAlive && !closes && !('status' in this.framing)
  }

  /** Those that pass on a route: see {@link passFields}. A client mostly stays on routes that treat fields alike. */
  passing(transforms: RouteTransforms): PassedFields | undefined {
    if (this.#transforms !== transforms) {
      this.#transforms = transforms
      this.#passed = passFields(this.rawHeaders, transforms)
    }
    return this.#passed
  }
}

const closeToken = /(?:^|,)\s*close\s*(?:,|$)/i
const keepAliveToken = /(?:^|,)\s*keep-alive\s*(?:,|$)/i
