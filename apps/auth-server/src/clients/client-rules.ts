import type { ClientMetadata, Provider } from 'oidc-provider'
import { isHttpsOrLoopback } from '#src/config.ts'

/** Client metadata that would be unsafe, or that the provider does not understand. */
export class ClientMetadataError extends Error {
  readonly code = 'client-metadata'
}

/**
 * Refuses what would be unsafe (RFC 9700 §2.1, OAuth 2.1 §2.3), then what the provider itself refuses.
 * @throws {ClientMetadataError}
 */
export function validateClient(provider: Provider, metadata: ClientMetadata): void {
  const {
    client_id: id,
    redirect_uris: redirects = [],
    post_logout_redirect_uris: afterLogout = [],
  } = metadata
  if (isUuid(id))
    throw new ClientMetadataError(`client_id ${id} looks like the id of an account. Choose another one.`)
  for (const uri of redirects) {
    const fault = redirectFault(uri, metadata.application_type)
    if (fault) throw new ClientMetadataError(`redirect_uris has ${uri}, which ${fault}.`)
  }
  for (const uri of afterLogout) {
    const fault = redirectFault(uri, metadata.application_type)
    if (fault) throw new ClientMetadataError(`post_logout_redirect_uris has ${uri}, which ${fault}.`)
  }
  // Who cannot prove who he is gets no token of his own (RFC 6749 §4.4).
  if (metadata.token_endpoint_auth_method === 'none' && metadata.grant_types?.includes('client_credentials'))
    throw new ClientMetadataError('grant_types has client_credentials, which a public client cannot have.')
  for (const fault of fapiFaults(metadata)) throw new ClientMetadataError(fault)
  try {
    // Its constructor holds the metadata against the provider's schema.
    const Client = provider.Client as unknown as new (metadata: ClientMetadata) => unknown
    new Client(metadata)
  } catch (error) {
    const { error_description: reason } = error as { error_description?: string }
    if (!reason) throw error
    throw new ClientMetadataError(reason)
  }
}

/** What a client on the FAPI 2.0 profile must prove, and how (FAPI 2.0 Security Profile §5.3.2.1). */
function fapiFaults({ profile, ...metadata }: ClientMetadata): string[] {
  if (profile === undefined) return []
  if (profile !== 'fapi2') return [`profile is ${profile}. Set it to fapi2, or leave it out.`]
  const required = {
    token_endpoint_auth_method: 'private_key_jwt',
    dpop_bound_access_tokens: true,
    require_pushed_authorization_requests: true,
  } as const
  return Object.entries(required)
    .filter(([name, value]) => metadata[name as keyof typeof required] !== value)
    .map(([name, value]) => `The profile fapi2 asks for ${name} ${value}.`)
}

/** Why codes must not be sent there; `undefined` where they may. Loopback addresses stay on the person's machine (RFC 8252 §7.3). */
export function redirectFault(uri: string, applicationType?: string): string | undefined {
  const url = URL.parse(uri)
  if (!url) return 'is not an absolute URL'
  if (uri.includes('#')) return 'has a fragment'
  if (url.username || url.password) return 'has a user name or password in it'
  if (isHttpsOrLoopback(uri)) return undefined
  // An app's own scheme is a reversed domain name, so that no other app has it by accident (RFC 8252 §7.1).
  if (applicationType === 'native' && /^[a-z][a-z0-9]*(\.[a-z0-9-]+)+:$/.test(url.protocol)) return undefined
  return 'is not https (http is for loopback addresses only)'
}

const isUuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
