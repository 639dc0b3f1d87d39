import { type Client, errors, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider'
import { apiScopes } from '#src/clients/configured-clients.ts'
import type { AuthServerConfig } from '#src/config.ts'
import type { Consents } from '#src/consents/consents.ts'
import type { Roles } from '#src/roles/roles.ts'
import type { AccountsOfRequests } from './accounts-of-requests.ts'

/** Access tokens live so long. Seconds. */
export const accessTokenSeconds = 300
const oidcScopes = ['openid', 'profile', 'email', 'offline_access']

type GrantParts = { accountsOfRequests: AccountsOfRequests; roles: Roles; consents: Consents }

/**
 * Whether a client wants to know who somebody is, and nothing of the API. Its access token is for userinfo then, which a token for the API does not
 * open (F-11): so parties that know OpenID Connect and no resource indicators find what they expect.
 */
export const asksForPersonOnly = (scope: unknown): boolean =>
  typeof scope === 'string' && scope.split(' ').every((each) => oidcScopes.includes(each))

/** The one resource of the platform, its API, with what the client may ask of it. */
export function createResourceServerInfo({ config }: { config: AuthServerConfig }) {
  return async (_context: KoaContextWithOIDC, resource: string, client: Client): Promise<ResourceServer> => {
    if (resource !== config.API_AUDIENCE) throw new errors.InvalidTarget('there is no such resource')
    return {
      scope: apiScopesOf(client).join(' '),
      audience: config.API_AUDIENCE,
      accessTokenFormat: 'jwt',
      accessTokenTTL: accessTokenSeconds,
      jwt: { sign: { alg: 'ES256' } },
    }
  }
}

/**
 * The grant of this session and client (F-10). A client of ours needs no consent: it gets what it may ask for and the person's roles grant. Any
 * other gets what the person has allowed it, in this session or before.
 */
export function createGrantLoader({ accountsOfRequests, roles, consents }: GrantParts) {
  return async (context: KoaContextWithOIDC): Promise<Grant | undefined> => {
    const { oidc } = context
    const { client, provider, session } = oidc
    const accountId = session?.accountId
    if (!client || !accountId) return undefined
    const known = oidc.result?.consent?.grantId ?? session.grantIdFor(client.clientId)
    const found = known ? await provider.Grant.find(known) : undefined
    const allowed = client.firstParty
      ? [...oidcScopes, ...apiScopesOf(client)]
      : (await consents.find(accountId, client.clientId))?.scopes
    if (!allowed) return found
    const grant = found ?? new provider.Grant({ clientId: client.clientId, accountId })
    const account = await accountsOfRequests.find(context, accountId)
    const byRoles = await roles.scopesOf(account?.roles ?? [])
    allow(grant, allowed, byRoles, oidc.resourceServers ?? {})
    await grant.save()
    return grant
  }
}

function allow(
  grant: Grant,
  allowed: string[],
  byRoles: Set<string>,
  resources: Record<string, ResourceServer>,
): void {
  grant.addOIDCScope(allowed.filter((scope) => oidcScopes.includes(scope)).join(' '))
  // Judged anew each time: the person's roles may be others since.
  grant.rejected = undefined
  for (const [resource, server] of Object.entries(resources)) {
    const offered = server.scope.split(' ')
    grant.addResourceScope(
      resource,
      allowed.filter((scope) => offered.includes(scope) && byRoles.has(scope)).join(' '),
    )
    // Rejected, and not merely left out: the person would be asked for what he cannot give.
    const beyond = offered.filter((scope) => !byRoles.has(scope))
    if (beyond.length > 0) grant.rejectResourceScope(resource, beyond.join(' '))
  }
}

type Grant = InstanceType<KoaContextWithOIDC['oidc']['provider']['Grant']>

/**
 * The provider consumes a refresh token first and looks at `resource` later, so that a wrong one would cost the owner his token (F-03). This is
 * asked right before.
 */
export function refuseOtherResources({ oidc }: KoaContextWithOIDC): void {
  const wanted = [oidc.params?.resource ?? []].flat() as string[]
  const granted = oidc.entities.RefreshToken?.resourceIndicators ?? new Set<string>()
  if (wanted.some((resource) => !granted.has(resource)))
    throw new errors.InvalidTarget('the refresh token was not granted for this resource')
}

/** What the client may ask of the API. Kept apart from `scope`, which the provider holds against OpenID Connect's own scopes. */
export const apiScopesOf = ({ apiScopes: scopes }: Client): string[] =>
  typeof scopes === 'string' ? scopes.split(' ').filter((scope) => apiScopes.includes(scope)) : []
