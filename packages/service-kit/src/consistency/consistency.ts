import type { FastifyTyped } from '#src/http/types.ts'
import { type RequestContext, requestContexts } from '#src/telemetry/request-context.ts'
import { createConsistencyTokens, type WrittenVersions } from './consistency-token.ts'

/** In an answer: what its request wrote. In a request: what its sender wrote a moment ago. */
export const consistencyHeader = 'consistency-token'

/** A transaction, of which no more is known here than that it will be committed. */
type Committing = { afterCommit(action: () => void): void }

/**
 * Lets people read what they wrote: through any process of the service, from any cache, and while the invalidation is still on its way. Who
 * writes gets a token with the versions that he wrote, and sends it with what he reads for as long as a cache may be behind.
 */
export type Consistency = {
  /** The least version of `name` that the request at work may be answered with; 0: any. */
  atLeast(name: string): number
  /** Whether the sender of the request at work wrote anything. */
  isAsked(): boolean
  /** Notes that the transaction writes this version: once it is committed, the request at work is answered with a token of it. */
  wrote(tx: Committing, name: string, version: number): void
  /** The header for what the transaction has written so far, for an answer that it keeps and that may be given again. */
  headersOf(tx: Committing): Record<string, string>
  /** The token of what was written in the course of a request; `undefined`: nothing was. */
  tokenFor(context: RequestContext): string | undefined
}

/** Makes the tokens of a service's writes. All its copies need the same `secret`. */
export function createConsistency(options: { secret: string }): Consistency {
  const tokens = createConsistencyTokens(options)
  const byTransaction = new WeakMap<Committing, Map<string, number>>()
  const byRequest = new WeakMap<RequestContext, Map<string, number>>()
  const asked = new WeakMap<RequestContext, WrittenVersions>()

  function versionsOf(tx: Committing): Map<string, number> {
    const known = byTransaction.get(tx)
    if (known) return known
    const versions = new Map<string, number>()
    byTransaction.set(tx, versions)
    const context = requestContexts.getStore()
    // What is rolled back will never be there to be read.
    if (context) tx.afterCommit(() => byRequest.set(context, merged(byRequest.get(context), versions)))
    return versions
  }

  /** A list asks for each of its values, so what was sent is read once. */
  function askedBy(context: RequestContext, header: string): WrittenVersions {
    let versions = asked.get(context)
    if (!versions) {
      versions = tokens.read(header)
      asked.set(context, versions)
    }
    return versions
  }

  return {
    atLeast(name) {
      const context = requestContexts.getStore()
      const header = context?.consistencyToken
      return context === undefined || header === undefined ? 0 : askedBy(context, header).of(name)
    },
    isAsked: () => requestContexts.getStore()?.consistencyToken !== undefined,
    wrote(tx, name, version) {
      versionsOf(tx).set(name, version)
    },
    headersOf(tx) {
      const versions = byTransaction.get(tx)
      const headers: Record<string, string> = {}
      if (versions) headers[consistencyHeader] = tokens.write(versions)
      return headers
    },
    tokenFor(context) {
      const versions = byRequest.get(context)
      return versions && tokens.write(versions)
    },
  }
}

const merged = (before: Map<string, number> | undefined, after: Map<string, number>) =>
  before ? new Map([...before, ...after]) : after

/** Answers whoever has written something with the token of it. */
export function addConsistency(app: FastifyTyped, consistency: Consistency): void {
  app.addHook('onSend', async (request, reply) => {
    const token = consistency.tokenFor(request.telemetryContext)
    if (token !== undefined) reply.header(consistencyHeader, token)
  })
}
