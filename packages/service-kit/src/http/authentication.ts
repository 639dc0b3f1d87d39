import type { IncomingMessage } from 'node:http'
import { AccessTokenError, evaluatePolicy, wwwAuthenticate } from '@alicerce/access-tokens'
import type { FastifyRequest } from 'fastify'
import type { Clock } from '#src/clock.ts'
import { Problem } from '#src/problem/problem.ts'
import { unavailable } from '#src/problem/problems.ts'
import { describeDenial } from './policy-denial.ts'
import type { Authenticate, FastifyTyped } from './types.ts'

/** Holds every call against its route's policy, before its body is read. */
export function addAuthentication(
  app: FastifyTyped,
  { authenticate, clock }: { authenticate: Authenticate; clock: Clock },
): void {
  app.decorateRequest('verifiedClaims', null)
  app.decorateRequest('caller', {
    getter(this: FastifyRequest) {
      if (this.verifiedClaims) return this.verifiedClaims
      throw new TypeError('This route is anonymous: it has no caller')
    },
  })
  app.addHook('onRequest', async (request) => {
    const { policy } = request.routeOptions.config
    if (request.is404 || policy === 'anonymous') return
    if (!policy) throw new TypeError('A route without a policy answers nobody')
    request.verifiedClaims = await verify(authenticate, request.raw)
    const decision = evaluatePolicy(policy, request.verifiedClaims, clock.now() / 1000)
    if (!decision.allowed) throw new Problem(describeDenial(decision, request.raw.rawHeaders))
  })
}

async function verify(authenticate: Authenticate, request: IncomingMessage) {
  try {
    return await authenticate(request)
  } catch (error) {
    if (!(error instanceof AccessTokenError)) throw error
    if (error.status === 503) throw unavailable(unavailableDetail(error), error)
    throw new Problem({
      status: error.status,
      code: error.code,
      title: error.status === 401 ? 'Sign in first' : 'Ambiguous credentials',
      detail: error.message,
      headers: challenge(error, request),
    })
  }
}

/** What somebody is told while it cannot be known whether he may come in. */
export function unavailableDetail({ code }: AccessTokenError): string {
  switch (code) {
    case 'revocations-unknown':
      return 'Sign-outs cannot be heard of at the moment, so nothing is changed. Try again soon.'
    case 'proofs-unknown':
      return 'Used DPoP proofs cannot be looked up at the moment, so nothing is changed. Try again soon.'
    default:
      return 'Access tokens cannot be checked at the moment. Try again soon.'
  }
}

function challenge(error: AccessTokenError, { rawHeaders }: IncomingMessage): Record<string, string> {
  const value = wwwAuthenticate(error, rawHeaders)
  return value ? { 'www-authenticate': value } : {}
}
