import type { Next } from 'koa'
import type { Client, KoaContextWithOIDC, Provider } from 'oidc-provider'
import { writeAudit } from '#src/audit/audit.ts'
import { mayIntrospect } from './features.ts'
import { createIssuedTokens, type IssuedToken } from './issued-tokens.ts'
import type { ProviderParts } from './provider-parts.ts'

/**
 * Introspection (RFC 7662) and revocation (RFC 7009) of JWT access tokens. The provider knows both for opaque tokens only: it authenticates the
 * client, then answers `unsupported_token_type`, and that is where this goes on.
 */
export function answerStructuredTokens(provider: Provider, parts: ProviderParts) {
  const { config, database, revocations } = parts
  const tokens = createIssuedTokens({ ...parts, issuer: config.ISSUER_URL })

  async function introspected(client: Client, token: IssuedToken | undefined): Promise<object> {
    if (!token || !mayIntrospect(client, { clientId: token.client_id, aud: token.aud }))
      return { active: false }
    if (!(await provider.Client.find(token.client_id))) return { active: false }
    const { gid: _gid, sid: _sid, ...told } = token
    return { active: true, token_type: token.cnf ? 'DPoP' : 'Bearer', ...told }
  }

  async function revoke(client: Client, token: IssuedToken | undefined, address: string): Promise<void> {
    if (!token || token.client_id !== client.clientId) return
    await database.transaction(async (tx) => {
      await revocations.revoke(tx, 'token', token.jti)
      const { clientId: actor } = client
      await writeAudit(tx, { action: 'revoke-token', actor, target: token.sub, outcome: 'done', address })
    })
  }

  return async (context: KoaContextWithOIDC, next: Next): Promise<void> => {
    await next()
    const { oidc } = context
    if (!oidc?.client || !isUnsupported(context.body)) return
    const token = await tokens.read(String(oidc.params?.token))
    if (oidc.route === 'introspection') context.body = await introspected(oidc.client, token)
    else if (oidc.route === 'revocation') {
      await revoke(oidc.client, token, context.ip)
      context.body = ''
    } else return
    context.status = 200
  }
}

const isUnsupported = (body: unknown) =>
  typeof body === 'object' && (body as { error?: string } | null)?.error === 'unsupported_token_type'
