import type { Database } from '@alicerce/database'
import { type Clock, currentTraceId } from '@alicerce/service-kit'
import type { JWK } from 'jose'
import { type Client, type Configuration, errors, type KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { Accounts } from '#src/accounts/accounts.ts'
import { createArtifactAdapter, createReplayDetection } from '#src/adapter/artifacts.ts'
import { createGrantEnding } from '#src/adapter/grant-ending.ts'
import { createSessionAdapter, sessionClaim } from '#src/adapter/sessions.ts'
import type { AuthServerConfig } from '#src/config.ts'
import { errorPage } from '#src/pages/error-page.ts'
import { languageOf } from '#src/pages/language.ts'
import { confirmSignOutPage, signedOutPage } from '#src/pages/sign-out-pages.ts'
import type { Revocations } from '#src/revocations/revocations.ts'
import type { Tables } from '#src/schema.ts'
import { apiScopes, configuredClients } from './clients.ts'
import { signInPolicy } from './sign-in-policy.ts'

const minute = 60
const hour = 60 * minute
const day = 24 * hour
const accessTokenSeconds = 5 * minute

/** What the provider is made of. */
export type ProviderParts = {
  config: AuthServerConfig
  database: Database<Tables>
  accounts: Accounts
  revocations: Revocations
  clock: Clock
  keys: JWK[]
}

/** The OpenID Provider, configured as OAuth 2.1 asks: code only, PKCE always, exact redirects, rotating refresh tokens. */
export function createProvider(parts: ProviderParts): Provider {
  const { config, database } = parts
  const endGrant = createGrantEnding(parts)
  const sessionAdapter = createSessionAdapter(parts)
  const provider = new Provider(config.ISSUER_URL, {
    ...protocolOf(parts),
    adapter: (model: string) =>
      model === 'Session' ? sessionAdapter : createArtifactAdapter(model, { ...parts, endGrant }),
  } as Configuration)
  // What it then trusts is what `createAddressPin` has written.
  provider.proxy = true
  const replay = provider.ReplayDetection as unknown as { unique: ReturnType<typeof createReplayDetection> }
  replay.unique = createReplayDetection(database)
  return provider
}

function protocolOf({ config, accounts, keys }: ProviderParts): Configuration {
  const secure = config.ISSUER_URL.startsWith('https:')
  return {
    jwks: { keys },
    clients: configuredClients(config),
    clientDefaults: {
      id_token_signed_response_alg: 'ES256',
      grant_types: ['authorization_code'],
      response_types: ['code'],
    },
    extraClientMetadata: { properties: ['firstParty', 'apiScopes'] },
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    enabledJWA: {
      idTokenSigningAlgValues: ['ES256', 'RS256'],
      clientAuthSigningAlgValues: ['ES256', 'RS256', 'PS256', 'EdDSA'],
    } as Configuration['enabledJWA'],
    responseTypes: ['code'],
    pkce: { required: () => true },
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    claims: { openid: ['sub'], profile: ['name', 'locale'], email: ['email'] },
    conformIdTokenClaims: false,
    cookies: {
      keys: config.COOKIE_KEYS,
      // `__Host-` needs Path=/ and TLS: the other two cookies are bound to a path, and development has no TLS.
      names: secure
        ? { session: '__Host-session', interaction: '__Secure-interaction', resume: '__Secure-resume' }
        : { session: 'session', interaction: 'interaction', resume: 'resume' },
      long: { signed: true, httpOnly: true, sameSite: 'lax', secure, path: '/' },
      short: { signed: true, httpOnly: true, sameSite: 'lax', secure },
    },
    ttl: {
      AccessToken: accessTokenSeconds,
      AuthorizationCode: minute,
      Grant: 15 * day,
      IdToken: hour,
      Interaction: hour / 2,
      RefreshToken: (_context, token) => {
        // A rotated token never outlives the first one (AS-21).
        const rest = (_context as KoaContextWithOIDC | undefined)?.oidc.entities.RotatedRefreshToken?.exp
        return rest && token.client?.clientAuthMethod === 'none'
          ? rest - Math.floor(Date.now() / 1000)
          : 12 * hour
      },
      Session: 12 * hour,
    },
    rotateRefreshToken: (context) => {
      refuseOtherResources(context)
      return true
    },
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed('refresh_token'),
    revokeGrantPolicy: async () => true,
    expiresWithSession: async (_context, token) => !token.scopes.has('offline_access'),
    extraTokenClaims: async (context, token) => {
      const { accountId, grantId, sessionUid } = token as {
        accountId?: string
        grantId?: string
        sessionUid?: string
      }
      const account = accountId ? await accounts.find(accountId) : undefined
      const { AuthorizationCode: code, RefreshToken: refreshToken } = context.oidc.entities
      const authTime = (code ?? refreshToken)?.authTime
      return {
        roles: account?.roles ?? [],
        ...(authTime && { auth_time: authTime }),
        ...(grantId && { gid: grantId }),
        ...(sessionUid && { sid: sessionClaim(sessionUid) }),
      }
    },
    findAccount: async (_context, id) => {
      const account = await accounts.find(id)
      if (account?.status !== 'active') return undefined
      const { email, name, locale } = account
      return { accountId: id, claims: async () => ({ sub: id, email, name, locale }) }
    },
    loadExistingGrant: loadGrant,
    clientBasedCORS: (_context, origin, client) =>
      client.redirectUris?.some((uri) => new URL(uri).origin === origin) ?? false,
    interactions: { url: (_context, { uid }) => `/interaction/${uid}`, policy: signInPolicy() },
    renderError: async (context, out) => {
      context.type = 'html'
      context.body = errorPage({
        language: languageOf(context),
        error: out.error,
        traceId: currentTraceId(),
        ...homeOf(config),
      })
    },
    features: featuresOf(config),
  }
}

const homeOf = ({ WEB_APP_URL }: AuthServerConfig) => ({ home: WEB_APP_URL })

function featuresOf(config: AuthServerConfig): NonNullable<Configuration['features']> {
  return {
    devInteractions: { enabled: false },
    revocation: {
      enabled: true,
      allowedPolicy: async (_context, client, token) => token.clientId === client.clientId,
    },
    userinfo: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: async () => config.API_AUDIENCE,
      useGrantedResource: async () => true,
      getResourceServerInfo: async (_context, resource, client) => {
        if (resource !== config.API_AUDIENCE) throw new errors.InvalidTarget('there is no such resource')
        const wanted = new Set(apiScopesOf(client))
        return {
          scope: apiScopes.filter((scope) => wanted.has(scope)).join(' '),
          audience: config.API_AUDIENCE,
          accessTokenFormat: 'jwt',
          accessTokenTTL: accessTokenSeconds,
          jwt: { sign: { alg: 'ES256' } },
        }
      },
    },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: async (context, form) => {
        const hint = context.oidc.entities.IdTokenHint as { payload?: { sub?: string } } | undefined
        const certain =
          hint?.payload?.sub !== undefined && hint.payload.sub === context.oidc.session?.accountId
        context.body = confirmSignOutPage({ language: languageOf(context), form, automatic: certain })
      },
      postLogoutSuccessSource: async (context) => {
        context.body = signedOutPage({ language: languageOf(context), ...homeOf(config) })
      },
    },
  }
}

/**
 * The provider consumes a refresh token first and looks at `resource` later, so that a wrong one would cost the owner his token (F-03). This is
 * asked right before.
 */
function refuseOtherResources({ oidc }: KoaContextWithOIDC): void {
  const wanted = [oidc.params?.resource ?? []].flat() as string[]
  const granted = oidc.entities.RefreshToken?.resourceIndicators ?? new Set<string>()
  if (wanted.some((resource) => !granted.has(resource)))
    throw new errors.InvalidTarget('the refresh token was not granted for this resource')
}

/** A client of ours needs no consent: what it may ask for is granted to it, in the one grant of this session (F-10). */
async function loadGrant(context: KoaContextWithOIDC) {
  const { oidc } = context
  const { client, provider, session } = oidc
  if (!client || !session?.accountId) return undefined
  const known = oidc.result?.consent?.grantId ?? session.grantIdFor(client.clientId)
  const grant = known ? await provider.Grant.find(known) : undefined
  if (!client.firstParty) return grant
  const ours = grant ?? new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
  ours.addOIDCScope('openid profile email')
  for (const resource of Object.keys(oidc.resourceServers ?? {}))
    ours.addResourceScope(resource, apiScopesOf(client).join(' '))
  await ours.save()
  return ours
}

/** What the client may ask of the API. Kept apart from `scope`, which the provider holds against OpenID Connect's own scopes. */
const apiScopesOf = ({ apiScopes: scopes }: Client): string[] =>
  typeof scopes === 'string' ? scopes.split(' ').filter((scope) => apiScopes.includes(scope)) : []
