import type { Exchange } from '@alicerce/reverse-proxy'
import { continueTrace, type TraceContext } from '@alicerce/service-kit'

/** What the gateway notes of an exchange beside what the proxy does. */
export type ExchangeNotes = {
  readonly trace: TraceContext
  /** How the token was checked; `none` where there was none, or none that is valid. */
  token: 'none' | 'verified' | 'remembered'
  tokenMilliseconds: number
  /** Whom the token names; `undefined` where there is none that is valid. */
  subject: string | undefined
  /** Which client got the token. */
  clientId: string | undefined
  policyMilliseconds: number
}

const notes = new WeakMap<Exchange, ExchangeNotes>()

/** Begins the notes: the client's trace goes on, or a new one begins (W3C Trace Context). */
export function beginNotes(exchange: Exchange): ExchangeNotes {
  const { traceparent } = exchange.request.headers
  const begun: ExchangeNotes = {
    trace: continueTrace(typeof traceparent === 'string' ? traceparent : undefined),
    token: 'none',
    tokenMilliseconds: 0,
    subject: undefined,
    clientId: undefined,
    policyMilliseconds: 0,
  }
  notes.set(exchange, begun)
  return begun
}

/** The notes of an exchange; begun if it has none yet. */
export const notesOf = (exchange: Exchange): ExchangeNotes => notes.get(exchange) ?? beginNotes(exchange)
