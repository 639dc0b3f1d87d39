import type { ClientMetadata } from 'oidc-provider'
import { type Static, type TSchema, Type } from 'typebox'
import type { Client } from '#src/clients/clients.ts'
import { apiScopes } from '#src/clients/configured-clients.ts'

const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
const listOf = <const Values extends string[]>(values: Values) =>
  Type.Array(Type.Enum(values, { type: 'string' }), { uniqueItems: true })
const Uri = Type.String({ minLength: 1, maxLength: 2000 })
const Uris = Type.Array(Uri, { maxItems: 20, uniqueItems: true })

const grantTypes = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:device_code',
  'urn:ietf:params:oauth:grant-type:token-exchange',
] as const

/** What an administrator says of a client. Its metadata may hold more, which stays as it is. */
export const ClientSettingsSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' }),
    applicationType: Type.Enum(['web', 'native'], { type: 'string' }),
    authentication: Type.Enum(['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'], {
      type: 'string',
    }),
    grantTypes: listOf([...grantTypes]),
    redirectUris: Uris,
    postLogoutRedirectUris: Uris,
    scopes: listOf(['openid', 'profile', 'email', 'offline_access']),
    apiScopes: Type.Array(Type.Enum([...apiScopes], { title: 'ApiScope', type: 'string' }), {
      uniqueItems: true,
    }),
    firstParty: Type.Boolean({ description: 'A client of ours: nobody is asked for consent' }),
    profile: Type.Enum(['oauth2.1', 'fapi2'], { type: 'string' }),
    dpopBound: Type.Boolean({ description: 'Access tokens are bound to a key of the client (RFC 9449)' }),
    requirePar: Type.Boolean({ description: 'Requests are pushed ahead (RFC 9126)' }),
    jwksUri: orNull(Uri),
    jwks: orNull(Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.Unknown())) })),
    backchannelLogoutUri: orNull(Uri),
    homepage: orNull(Uri),
  },
  { title: 'ClientSettings', additionalProperties: false },
)

/** What an administrator says of a client. */
export type ClientSettings = Static<typeof ClientSettingsSchema>

/** A client as the API shows it. */
export const ClientSchema = Type.Object(
  {
    id: Type.String(),
    settings: ClientSettingsSchema,
    secrets: Type.Array(
      Type.Object({
        createdAt: Type.String({ format: 'date-time' }),
        expiresAt: orNull(Type.String({ format: 'date-time' })),
      }),
      { description: 'When each secret that still counts was made, never the secret' },
    ),
    disabled: Type.Boolean(),
    configured: Type.Boolean({
      description: 'Named by the configuration of the server: it is changed there',
    }),
    version: Type.Integer(),
    createdAt: Type.String({ format: 'date-time' }),
  },
  { title: 'Client', additionalProperties: false },
)

/** A client as the API shows it. */
export const presentClient = ({ metadata, ...client }: Client): Static<typeof ClientSchema> => ({
  ...client,
  settings: settingsOf(metadata),
})

/** The settings that metadata (RFC 7591) amounts to, with the defaults of the protocol where it says nothing. */
export function settingsOf(metadata: Partial<ClientMetadata>): ClientSettings {
  const words = (text: unknown) => (typeof text === 'string' && text ? text.split(' ') : [])
  return {
    name: metadata.client_name ?? '',
    applicationType: (metadata.application_type as 'web') ?? 'web',
    authentication: (metadata.token_endpoint_auth_method as 'none') ?? 'client_secret_basic',
    grantTypes: (metadata.grant_types ?? ['authorization_code']) as ClientSettings['grantTypes'],
    redirectUris: [...(metadata.redirect_uris ?? [])],
    postLogoutRedirectUris: [...(metadata.post_logout_redirect_uris ?? [])],
    scopes: words(metadata.scope) as ClientSettings['scopes'],
    apiScopes: words(metadata.apiScopes),
    firstParty: metadata.firstParty === true,
    profile: metadata.profile === 'fapi2' ? 'fapi2' : 'oauth2.1',
    dpopBound: metadata.dpop_bound_access_tokens === true,
    requirePar: metadata.require_pushed_authorization_requests === true,
    jwksUri: metadata.jwks_uri ?? null,
    jwks: (metadata.jwks as ClientSettings['jwks'] | undefined) ?? null,
    backchannelLogoutUri: metadata.backchannel_logout_uri ?? null,
    homepage: metadata.client_uri ?? null,
  }
}

/** The metadata that `settings` stand for, on top of what else was known of the client. */
export function metadataOf(settings: ClientSettings, known: Partial<ClientMetadata> = {}): ClientMetadata {
  const hasCode = settings.grantTypes.includes('authorization_code')
  const metadata = {
    ...known,
    client_name: settings.name.trim(),
    application_type: settings.applicationType,
    token_endpoint_auth_method: settings.authentication,
    grant_types: settings.grantTypes,
    response_types: hasCode ? ['code'] : [],
    redirect_uris: settings.redirectUris,
    post_logout_redirect_uris: settings.postLogoutRedirectUris,
    scope: settings.scopes.join(' ') || undefined,
    apiScopes: settings.apiScopes.join(' '),
    firstParty: settings.firstParty,
    profile: settings.profile === 'fapi2' ? 'fapi2' : undefined,
    dpop_bound_access_tokens: settings.dpopBound,
    require_pushed_authorization_requests: settings.requirePar,
    jwks_uri: settings.jwksUri ?? undefined,
    jwks: settings.jwks ?? undefined,
    backchannel_logout_uri: settings.backchannelLogoutUri ?? undefined,
    client_uri: settings.homepage ?? undefined,
  }
  return JSON.parse(JSON.stringify(metadata))
}
