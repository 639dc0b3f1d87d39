import { hash, randomBytes } from 'node:crypto'
import type { ClientMetadata } from 'oidc-provider'
import type { AuthServerConfig } from '#src/config.ts'

const id = 'account-centre'
const redirectUri = (issuer: string) => new URL('/account/signed-in', issuer).href

/** The account centre as a client of its own server: people sign in to it as to any other. It wants their session, and never a token. */
export const accountCentreClient = ({
  ISSUER_URL,
}: Pick<AuthServerConfig, 'ISSUER_URL'>): ClientMetadata => ({
  client_id: id,
  client_name: 'Alicerce',
  application_type: 'web',
  token_endpoint_auth_method: 'none',
  redirect_uris: [redirectUri(ISSUER_URL)],
  grant_types: ['authorization_code'],
  response_types: ['code'],
  scope: 'openid',
  firstParty: true,
})

/**
 * The authorization request that comes back to a page of the centre. `again` asks for the password even of whoever is signed in. Its code can
 * never be redeemed: nobody keeps the verifier.
 */
export function signInAddress(issuer: string, { page, again }: { page: string; again: boolean }): string {
  const verifier = randomBytes(32).toString('base64url')
  return `/auth?${new URLSearchParams({
    client_id: id,
    redirect_uri: redirectUri(issuer),
    response_type: 'code',
    scope: 'openid',
    state: page,
    code_challenge: hash('sha256', verifier, 'base64url'),
    code_challenge_method: 'S256',
    ...(again && { prompt: 'login' }),
  })}`
}
