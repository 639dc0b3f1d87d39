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

/** Clients of every kind, beside the web app. */
export const registeredClients = ({
  secret,
  logoutPort,
}: {
  secret: string
  logoutPort: number
}): object[] => [
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
