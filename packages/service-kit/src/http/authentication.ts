import {
  AccessTokenError,
  authorizationValues,
  evaluatePolicy,
  type Policy,
  wwwAuthenticate,
} from '@alicerce/access-tokens'
import type { FastifyRequest } from 'fastify'
import { Problem } from '#src/problem/problem.ts'
import { unavailable } from '#src/problem/problems.ts'
import type { Authenticate, FastifyTyped } from './types.ts'

/** Holds every call against its route's policy, before its body is read. */
export function addAuthentication(app: FastifyTyped, authenticate: Authenticate): void {
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
    request.verifiedClaims = await verify(authenticate, request.raw.rawHeaders)
    allow(policy, request.verifiedClaims)
  })
}

/** All values of the header count: Node keeps the first of several, and somebody else may have looked at the last. */
async function verify(authenticate: Authenticate, rawHeaders: readonly string[]) {
  try {
    return await authenticate(authorizationValues(rawHeaders))
  } catch (error) {
    if (!(error instanceof AccessTokenError)) throw error
    if (error.status === 503)
      throw unavailable('Access tokens cannot be checked at the moment. Try again soon.', error)
    throw new Problem({
      status: error.status,
      code: error.code,
      title: error.status === 401 ? 'Sign in first' : 'Ambiguous credentials',
      detail: error.message,
      headers: challenge(error),
    })
  }
}

/** A scope is the client's to ask for, a role the person's to have: the answer names what is missing (SV-21). */
function allow(policy: Policy, claims: Awaited<ReturnType<Authenticate>>): void {
  const decision = evaluatePolicy(policy, claims)
  if (decision.allowed) return
  const { reason, scope, roles } = decision
  const missing = {
    insufficient_scope: `The access token lacks the scope ${scope}.`,
    'missing-role': `This needs one of the roles: ${roles?.join(', ')}.`,
    'user-required': 'This needs the token of a person, not of a client alone.',
  }[reason]
  throw new Problem({
    status: 403,
    code: reason.replace('_', '-'),
    title: 'Not allowed',
    detail: missing,
    headers: challenge(decision),
    extra: { ...(scope && { scope }), ...(roles && { roles }) },
  })
}

function challenge(refusal: Parameters<typeof wwwAuthenticate>[0]): Record<string, string> {
  const value = wwwAuthenticate(refusal)
  return value ? { 'www-authenticate': value } : {}
}
