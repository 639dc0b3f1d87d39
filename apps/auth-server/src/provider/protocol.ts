import { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { AuthServerConfig } from '#src/config.ts'
import { Es256Key } from '#src/keys/es256-key.ts'
import { authenticationLevels } from '#src/second-factors/authentication-levels.ts'
import type { AccountsOfRequests } from './accounts-of-requests.ts'
import { featuresOf } from './features.ts'
import type { ProviderParts } from './provider-parts.ts'
import { createGrantLoader, refuseOtherResources } from './resources.ts'
import { interactionPolicy } from './sign-in-policy.ts'
import { createTokenClaims } from './token-claims.ts'

const minute = 60
const hour = 60 * minute
const day = 24 * hour

/** The settings of the provider. */
export function protocolOf(parts: ProviderParts, accountsOfRequests: AccountsOfRequests): Configuration {
  const { config, keys } = parts
  return {
    jwks: {
      keys: keys.map((key) => (key.alg === 'ES256' ? new Es256Key(key) : key)),
    } as Configuration['jwks'],
    clientDefaults: {
      id_token_signed_response_alg: 'ES256',
      grant_types: ['authorization_code'],
      response_types: ['code'],
    },
    extraClientMetadata: {
      properties: ['firstParty', 'apiScopes', 'profile', 'resourceServer', 'secretHashes'],
    },
    // A secret that is kept as a hash cannot key an HMAC: no client_secret_jwt, no HS256.
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    enabledJWA: {
      idTokenSigningAlgValues: ['ES256', 'RS256'],
      clientAuthSigningAlgValues: ['ES256', 'RS256', 'PS256', 'EdDSA'],
      requestObjectSigningAlgValues: ['ES256', 'RS256', 'PS256', 'EdDSA'],
      dPoPSigningAlgValues: ['ES256', 'EdDSA', 'PS256'],
    } as Configuration['enabledJWA'],
    assertJwtClientAuthClaimsAndHeader: async (context, claims) => refuseOtherAssertions(context, claims),
    responseTypes: ['code'],
    pkce: { required: () => true },
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    acrValues: [...authenticationLevels],
    claims: {
      openid: ['sub', 'auth_time', 'acr', 'amr'],
      profile: ['name', 'locale'],
      email: ['email', 'email_verified'],
    },
    conformIdTokenClaims: false,
    cookies: cookiesOf(config),
    ttl: lifetimes,
    rotateRefreshToken: (context) => {
      refuseOtherResources(context)
      // A token that is bound to its holder's key needs no rotation, and FAPI 2.0 §5.3.2.1 forbids it.
      return context.oidc.client?.profile !== 'fapi2'
    },
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed('refresh_token'),
    revokeGrantPolicy: async () => true,
    expiresWithSession: async (_context, token) => !token.scopes.has('offline_access'),
    extraTokenClaims: createTokenClaims({ accountsOfRequests }),
    findAccount: async (context, id) => {
      const account = await accountsOfRequests.find(context, id)
      if (account?.status !== 'active') return undefined
      const { email, emailVerified, name, locale } = account
      return {
        accountId: id,
        claims: async () => ({ sub: id, email, email_verified: emailVerified, name, locale }),
      }
    },
    loadExistingGrant: createGrantLoader({ ...parts, accountsOfRequests }),
    clientBasedCORS: (_context, origin, client) =>
      client.redirectUris?.some((uri) => URL.parse(uri)?.origin === origin) ?? false,
    interactions: { url: (_context, { uid }) => `/interaction/${uid}`, policy: interactionPolicy() },
    fetch: (url, options) => fetchFor(config.PRIVATE_CLIENT_HOSTS, String(url), options),
    ...featuresOf(parts),
  }
}

/** The lifetimes of everything the provider makes. Seconds. */
export const lifetimes: NonNullable<Configuration['ttl']> = {
  AccessToken: 5 * minute,
  ClientCredentials: 5 * minute,
  AuthorizationCode: minute,
  DeviceCode: 10 * minute,
  PushedAuthorizationRequest: minute,
  Grant: 15 * day,
  IdToken: hour,
  Interaction: hour / 2,
  RefreshToken: (context, token) => {
    // A rotated token never outlives the first one (AS-21).
    const rest = (context as KoaContextWithOIDC | undefined)?.oidc.entities.RotatedRefreshToken?.exp
    if (rest && token.client?.clientAuthMethod === 'none') return rest - Math.floor(Date.now() / 1000)
    return token.scopes.has('offline_access') ? 14 * day : 12 * hour
  },
  Session: 12 * hour,
}

function cookiesOf({ COOKIE_KEYS, ISSUER_URL }: AuthServerConfig): NonNullable<Configuration['cookies']> {
  const secure = ISSUER_URL.startsWith('https:')
  return {
    keys: COOKIE_KEYS,
    // `__Host-` needs Path=/ and TLS: the other two cookies are bound to a path, and development has no TLS.
    names: secure
      ? { session: '__Host-session', interaction: '__Secure-interaction', resume: '__Secure-resume' }
      : { session: 'session', interaction: 'interaction', resume: 'resume' },
    long: { signed: true, httpOnly: true, sameSite: 'lax', secure, path: '/' },
    short: { signed: true, httpOnly: true, sameSite: 'lax', secure },
  }
}

/** An assertion made for another server, or one that lives long, could be used here by whoever got hold of it (RFC 7523bis, OAuth 2.1 §2.4). */
function refuseOtherAssertions({ oidc }: KoaContextWithOIDC, { aud, exp }: Record<string, unknown>): void {
  if (aud !== oidc.issuer) throw new errors.InvalidClientAuth('the audience (aud) must be the issuer')
  if (typeof exp !== 'number' || exp - Date.now() / 1000 > minute + 5)
    throw new errors.InvalidClientAuth('the assertion must expire (exp) within 60 seconds')
}

/** Clients name addresses that the server then calls; inside our network it calls only those that we name (SSRF). The provider's dispatcher refuses the others. */
function fetchFor(
  privateHosts: readonly string[],
  url: string,
  options: RequestInit & { dispatcher?: unknown } = {},
): Promise<Response> {
  const { dispatcher, ...rest } = options
  return fetch(url, privateHosts.includes(new URL(url).hostname) ? rest : options)
}
