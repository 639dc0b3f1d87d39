/** The client that asks for everything, at our server and at its peer. */
export const client = {
  id: 'bench',
  secret: 'a-secret-of-the-benchmark-that-opens-nothing',
  redirect: 'https://bench.example/callback',
  resource: 'urn:alicerce:api',
  scope: 'openid offline_access orders:read',
}

/** Its metadata (RFC 7591), as both servers take it. */
export const metadata = {
  client_id: client.id,
  client_secret: client.secret,
  redirect_uris: [client.redirect],
  response_types: ['code' as const],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
}

/** How it proves who it is. */
export const authorization = `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`
