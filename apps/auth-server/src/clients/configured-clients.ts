import { readFileSync } from 'node:fs'
import type { ClientMetadata, Provider } from 'oidc-provider'
import { accountCentreClient } from '#src/account-centre/client.ts'
import type { AuthServerConfig } from '#src/config.ts'
import { ClientMetadataError, validateClient } from './client-rules.ts'
import { keepSecret } from './client-secrets.ts'
import { withSecrets } from './clients.ts'

/** CLIENTS_FILE cannot be read, or a client in it would be unsafe. */
export class ClientsFileError extends Error {
  readonly code = 'clients-file'
}

/** What the API lets clients ask for. */
export const apiScopes = [
  'orders:read',
  'orders:write',
  'users:read',
  'users:write',
  'accounts:manage',
  'clients:manage',
  'keys:manage',
  'audit:read',
  'roles:manage',
]

/** What a client may ask for of OpenID Connect. */
const webScopes = 'openid profile email'

/**
 * The web app, the account centre, and the clients in CLIENTS_FILE (a JSON array of client metadata, RFC 7591).
 * @throws {ClientsFileError}
 */
export function configuredClients(
  config: Pick<AuthServerConfig, 'WEB_APP_URL' | 'CLIENTS_FILE' | 'ISSUER_URL'>,
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
  return [web, accountCentreClient(config), ...(config.CLIENTS_FILE ? readClients(config.CLIENTS_FILE) : [])]
}

function readClients(path: string): ClientMetadata[] {
  let clients: ClientMetadata[]
  try {
    clients = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new ClientsFileError(`CLIENTS_FILE ${path} cannot be read as JSON`, { cause })
  }
  return clients.map((client) => keptAsHash(client, path))
}

/** Secrets shorter than this can be guessed. */
const shortestSecret = 32

function keptAsHash({ client_secret: secret, ...client }: ClientMetadata, path: string): ClientMetadata {
  if (secret !== undefined && secret.length < shortestSecret)
    throw new ClientsFileError(
      `CLIENTS_FILE ${path}: the client_secret of ${client.client_id} has under ${shortestSecret} signs. Make one by: node -p "crypto.randomBytes(32).toString('base64url')"`,
    )
  return withSecrets(client, secret ? [keepSecret(secret, Date.now())] : [])
}

/**
 * Holds the clients of the configuration against the rules of all clients.
 * @throws {ClientsFileError}
 */
export function validateConfiguredClients(provider: Provider, clients: readonly ClientMetadata[]): void {
  for (const client of clients) {
    try {
      validateClient(provider, client)
    } catch (cause) {
      if (!(cause instanceof ClientMetadataError)) throw cause
      throw new ClientsFileError(`CLIENTS_FILE, client ${client.client_id}: ${cause.message}`, { cause })
    }
  }
}
