import type { AccessTokenClaims } from '@alicerce/access-tokens'
import type { Exchange } from '@alicerce/reverse-proxy'
import type { TraceContext } from '@alicerce/service-kit'
import type { CountedRequest } from './rate-limits/rate-limit-policy.ts'
import type { TraceStart } from './tracing/start-trace.ts'

/** What the gateway notes of an exchange beside what the proxy does. */
export type ExchangeNotes = {
  readonly trace: TraceContext
  /** The client's own step; `undefined` where the trace begins here. */
  readonly parentSpanId: string | undefined
  /** How the token was checked; `none` where there was none, or none that is valid. */
  token: 'none' | 'verified' | 'remembered'
  tokenMilliseconds: number
  /** Whom the token names; `undefined` where there is none that is valid. */
  subject: string | undefined
  /** Which client got the token. */
  clientId: string | undefined
  /** What the token says, where streams that it opened end with it. */
  streamClaims: AccessTokenClaims | undefined
  /** What the limit of the route said; `undefined` where it was not asked. */
  counted: CountedRequest | undefined
  policyMilliseconds: number
}

/** Begins the notes. */
export function beginNotes(exchange: Exchange, start: TraceStart): ExchangeNotes {
  const begun: ExchangeNotes = {
    ...start,
    token: 'none',
    tokenMilliseconds: 0,
    subject: undefined,
    clientId: undefined,
    streamClaims: undefined,
    counted: undefined,
    policyMilliseconds: 0,
  }
  exchange.notes = begun
  return begun
}

/** The notes of an exchange. They are begun before anything else. */
export const notesOf = (exchange: Exchange): ExchangeNotes => exchange.notes as ExchangeNotes
