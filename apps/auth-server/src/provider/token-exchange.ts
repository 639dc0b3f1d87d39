import { errors, type KoaContextWithOIDC, type Provider } from 'oidc-provider'
import { requestOf } from '#src/adapter/current-request.ts'
import { writeAudit } from '#src/audit/audit.ts'
import { createIssuedTokens, type IssuedToken } from './issued-tokens.ts'
import type { ProviderParts } from './provider-parts.ts'
import { apiScopesOf, createResourceServerInfo } from './resources.ts'

/** RFC 8693 §2.1. */
export const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange'
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'

/** What the token being made shall say of the one it was made from, by request. */
const actors = new WeakMap<object, Record<string, unknown>>()

/** The claims of an exchanged token; `undefined` where nothing is exchanged. */
export const actorOf = (context: object) => actors.get(context)

/**
 * Token exchange (RFC 8693): a service that was called with a person's token gets one of its own, to call another service on behalf of that
 * person. It never says more than the token it came from: the same person, no scope more, no longer life; it is revoked with it; and it names
 * who acts (`act`).
 */
export function addTokenExchange(provider: Provider, parts: ProviderParts): void {
  const tokens = createIssuedTokens({ ...parts, issuer: parts.config.ISSUER_URL })
  const resourceServerInfo = createResourceServerInfo(parts)

  async function exchange(context: KoaContextWithOIDC): Promise<void> {
    const { client, params } = context.oidc
    if (!client || client.clientAuthMethod === 'none')
      throw new errors.InvalidClientAuth('public clients cannot exchange tokens')
    const subject = await subjectOf(params ?? {})
    const resource = String(params?.resource ?? parts.config.API_AUDIENCE)
    const info = await resourceServerInfo(context, resource, client)
    const scope = scopeOf(params?.scope, subject, apiScopesOf(client))
    actors.set(context, claimsFrom(subject, client.clientId))
    const token = new provider.AccessToken({
      accountId: subject.sub,
      client,
      gty: 'token_exchange',
      ...(subject.gid && { grantId: subject.gid }),
      expiresIn: Math.min(info.accessTokenTTL ?? 300, subject.exp - Math.floor(Date.now() / 1000)),
    } as ConstructorParameters<typeof provider.AccessToken>[0])
    token.resourceServer = new provider.ResourceServer(resource, info)
    token.scope = scope
    context.oidc.entity('AccessToken', token)
    const value = await token.save()
    await writeAudit(parts.database, {
      ...requestOf(),
      action: 'exchange-token',
      target: subject.sub,
      outcome: 'done',
      details: { from: subject.client_id, scope },
    })
    context.body = {
      access_token: value,
      issued_token_type: accessTokenType,
      token_type: 'Bearer',
      expires_in: token.expiration,
      scope,
    }
  }

  async function subjectOf(params: Record<string, unknown>): Promise<IssuedToken> {
    if (typeof params.subject_token !== 'string' || params.subject_token === '')
      throw new errors.InvalidRequest('subject_token is missing')
    if (params.subject_token_type !== accessTokenType)
      throw new errors.InvalidRequest(`subject_token_type must be ${accessTokenType}`)
    if (params.requested_token_type !== undefined && params.requested_token_type !== accessTokenType)
      throw new errors.InvalidRequest(`requested_token_type must be ${accessTokenType}`)
    if (params.actor_token !== undefined)
      throw new errors.InvalidRequest('actor_token is not supported: the client itself is the actor')
    const subject = await tokens.read(params.subject_token)
    if (!subject) throw new errors.InvalidGrant('the subject_token is not valid, or not any more')
    if (subject.cnf) throw new errors.InvalidGrant('the subject_token is bound to a key')
    const account = subject.sub === subject.client_id ? undefined : await parts.accounts.find(subject.sub)
    if (account?.status !== 'active') throw new errors.InvalidGrant('the subject_token is not of a person')
    return subject
  }

  provider.registerGrantType(tokenExchange, exchange, [
    'resource',
    'scope',
    'subject_token',
    'subject_token_type',
    'requested_token_type',
    'actor_token',
  ])
}

/** No more than the person's token has and the client may have. */
function scopeOf(wanted: unknown, subject: IssuedToken, ofClient: string[]): string {
  const offered = (subject.scope ?? '').split(' ').filter((scope) => ofClient.includes(scope))
  if (typeof wanted !== 'string') return offered.join(' ')
  const asked = wanted.split(' ').filter(Boolean)
  if (!asked.every((scope) => offered.includes(scope)))
    throw new errors.InvalidScope('the subject_token or the client does not have this scope', wanted)
  return asked.join(' ')
}

/** The chain of actors, the last one outermost (RFC 8693 §4.1), and what the subject's token is revoked by. */
function claimsFrom(subject: IssuedToken, clientId: string): Record<string, unknown> {
  const { roles, auth_time, acr, amr, gid, sid, act } = subject
  const kept = Object.entries({ roles, auth_time, acr, amr, gid, sid }).filter(
    ([, value]) => value !== undefined,
  )
  return { ...Object.fromEntries(kept), act: { sub: clientId, ...(act ? { act } : {}) } }
}
