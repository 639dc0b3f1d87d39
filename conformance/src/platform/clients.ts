const api = 'orders:read orders:write users:read users:write accounts:manage'
const ours = { response_types: ['code'], firstParty: true, scope: 'openid profile email' }

/** Where the clients of the tests are sent back to. Nobody is there: what matters is in the address. */
export const redirects = {
  office: 'https://office.example/callback',
  second: 'https://second.example/callback',
  foreign: 'https://other.example/callback?fixed=1',
  native: 'http://127.0.0.1/callback',
}

/** The client that is told of sign-outs. */
export const logoutClient = { id: 'told', redirect: 'https://told.example/callback' }

/** Clients that are somebody else's software (test/interoperation), by its name. */
export const foreignParties = ({ apachePort, pagePort }: { apachePort: number; pagePort: number }) => ({
  partner: { redirect: 'https://partner.example/callback', signedOut: 'https://partner.example/' },
  apache: {
    redirect: `http://localhost:${apachePort}/app/callback`,
    signedOut: `http://localhost:${apachePort}/`,
    backchannel: `http://127.0.0.1:${apachePort}/app/callback?logout=backchannel`,
  },
  authlib: { redirect: 'https://authlib.example/callback' },
  page: { redirect: `http://localhost:${pagePort}/`, signedOut: `http://localhost:${pagePort}/` },
})

type ClientOptions = {
  secret: string
  logoutPort: number
  apachePort: number
  pagePort: number
  /** The public key of the client that signs its assertions. */
  partnerKey: object
}

/** Clients of every kind, beside the web app. */
export const registeredClients = (options: ClientOptions): object[] => [
  ...ownClients(options),
  ...foreignClients(options),
]

function foreignClients({ secret, partnerKey, ...ports }: ClientOptions): object[] {
  const { partner, apache, authlib, page } = foreignParties(ports)
  const codeAndRefresh = ['authorization_code', 'refresh_token']
  return [
    {
      ...{ ...ours, client_id: 'partner', token_endpoint_auth_method: 'private_key_jwt' },
      ...{ jwks: { keys: [partnerKey] }, redirect_uris: [partner.redirect], apiScopes: api },
      post_logout_redirect_uris: [partner.signedOut],
      grant_types: [
        ...[...codeAndRefresh, 'client_credentials', 'urn:ietf:params:oauth:grant-type:device_code'],
        'urn:ietf:params:oauth:grant-type:token-exchange',
      ],
    },
    {
      ...{ ...ours, client_id: 'apache', client_secret: secret, redirect_uris: [apache.redirect] },
      ...{ grant_types: codeAndRefresh, post_logout_redirect_uris: [apache.signedOut] },
      ...{ backchannel_logout_uri: apache.backchannel, backchannel_logout_session_required: true },
    },
    {
      ...{ ...ours, client_id: 'authlib', client_secret: secret, redirect_uris: [authlib.redirect] },
      ...{ grant_types: codeAndRefresh, apiScopes: api },
    },
    {
      ...{ ...ours, client_id: 'page', token_endpoint_auth_method: 'none', redirect_uris: [page.redirect] },
      ...{ grant_types: codeAndRefresh, post_logout_redirect_uris: [page.signedOut] },
    },
  ]
}

const ownClients = ({ secret, logoutPort }: ClientOptions): object[] => [
  {
    ...ours,
    ...{ client_id: 'office', client_secret: secret, redirect_uris: [redirects.office] },
    ...{ grant_types: ['authorization_code', 'refresh_token', 'client_credentials'], apiScopes: api },
  },
  {
    ...ours,
    ...{ client_id: 'second', token_endpoint_auth_method: 'none', redirect_uris: [redirects.second] },
    ...{ grant_types: ['authorization_code', 'refresh_token'], apiScopes: api },
  },
  {
    ...{ client_id: 'foreign', client_name: 'Other shop', token_endpoint_auth_method: 'none' },
    ...{ redirect_uris: [redirects.foreign], response_types: ['code'], scope: 'openid profile email' },
    ...{ grant_types: ['authorization_code', 'refresh_token'], apiScopes: 'orders:read' },
  },
  {
    ...ours,
    ...{ client_id: 'native', token_endpoint_auth_method: 'none', application_type: 'native' },
    ...{ redirect_uris: [redirects.native], grant_types: ['authorization_code'], apiScopes: api },
  },
  {
    ...{ client_id: 'rs256', token_endpoint_auth_method: 'none', redirect_uris: [redirects.second] },
    ...{
      ...ours,
      grant_types: ['authorization_code'],
      id_token_signed_response_alg: 'RS256',
      apiScopes: api,
    },
  },
  {
    ...ours,
    ...{ client_id: logoutClient.id, token_endpoint_auth_method: 'none', apiScopes: api },
    ...{ redirect_uris: [logoutClient.redirect], grant_types: ['authorization_code', 'refresh_token'] },
    backchannel_logout_uri: `http://127.0.0.1:${logoutPort}/logged-out`,
    backchannel_logout_session_required: true,
  },
  {
    ...{ client_id: 'api', client_secret: secret, redirect_uris: [], response_types: [], grant_types: [] },
    resourceServer: 'urn:alicerce:api',
  },
]
