import { readFileSync } from 'node:fs'
import type { ClientMetadata } from 'oidc-provider'
import type { AuthServerConfig } from '#src/config.ts'

/** What the API lets clients ask for. */
export const apiScopes = ['orders:read', 'orders:write', 'users:read', 'users:write', 'accounts:manage']

/** What a client may ask for of OpenID Connect. */
const webScopes = 'openid profile email'

/** The web app, and the clients in CLIENTS_FILE (a JSON array of client metadata, RFC 7591). */
export function configuredClients(
  config: Pick<AuthServerConfig, 'WEB_APP_URL' | 'CLIENTS_FILE'>,
): ClientMetadata[] {
  const web: ClientMetadata = {
    client_id: 'web',
    client_name: 'Alicerce',
    application_type: 'web',
    token_endpoint_auth_method: 'none',
    redirect_uris: [`${config.WEB_APP_URL}/auth/callback`],
    post_logout_redirect_uris: [`${config.WEB_APP_URL}/signed-out`],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    scope: webScopes,
    apiScopes: apiScopes.join(' '),
    client_uri: config.WEB_APP_URL,
    firstParty: true,
  }
  const others = config.CLIENTS_FILE
    ? (JSON.parse(readFileSync(config.CLIENTS_FILE, 'utf8')) as ClientMetadata[])
    : []
  return [web, ...others]
}
