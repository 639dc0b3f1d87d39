import { createHash } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import type { AuthServerAddress } from './relying-party.ts'

/** What an endpoint answered. */
export type Answer = { status: number; body: Record<string, unknown>; headers: Headers }

/** A client that authenticates by a secret or by a signed assertion, and sends what no honest client would. */
export function createMachine(
  cluster: Pick<AuthServerAddress, 'urls'>,
  { id, secret }: { id: string; secret?: string },
) {
  let instance = 0
  const server = () => cluster.urls[instance++ % cluster.urls.length] as string
  const basic = secret && `Basic ${Buffer.from(`${id}:${encodeURIComponent(secret)}`).toString('base64')}`

  async function post(
    path: string,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(`${server()}${path}`, {
      method: 'POST',
      headers: { ...(basic && { authorization: basic }), ...headers },
      body: new URLSearchParams({ ...(basic ? {} : { client_id: id }), ...fields }),
    })
    const text = await response.text()
    const body = text.startsWith('{') ? JSON.parse(text) : {}
    return { status: response.status, body, headers: response.headers }
  }

  const token = (fields: Record<string, string>, headers?: Record<string, string>) =>
    post('/token', fields, headers)
  return {
    post,
    token,
    credentials: (fields: Record<string, string> = {}, headers?: Record<string, string>) =>
      token({ grant_type: 'client_credentials', ...fields }, headers),
    introspect: (accessToken: string) => post('/token/introspection', { token: accessToken }),
    revoke: (accessToken: string) => post('/token/revocation', { token: accessToken }),
  }
}

/** A key pair of a client, with what is registered and how it signs assertions (RFC 7523). */
export async function createClientKey(issuer: string, clientId: string) {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const key: JWK = { ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig', kid: 'first' }
  const sign = (changes: Record<string, unknown> = {}) => {
    const now = Math.floor(Date.now() / 1000)
    const claims = {
      ...{ iss: clientId, sub: clientId, aud: issuer, jti: crypto.randomUUID(), iat: now, exp: now + 30 },
      ...changes,
    }
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'first' }).sign(privateKey)
  }
  const fields = (assertion: string) => ({
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  })
  return {
    jwks: { keys: [key] },
    assertion: async (changes?: Record<string, unknown>) => fields(await sign(changes)),
  }
}

/** A DPoP key and its proofs (RFC 9449 §4.2). Claims and header parameters replace the usual ones. */
export async function createProofs(algorithm: 'ES256' | 'EdDSA' | 'PS256' = 'ES256') {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true })
  const jwk = await exportJWK(publicKey)
  const prove = (
    method: string,
    url: string,
    claims: Record<string, unknown> = {},
    header: Record<string, unknown> = {},
  ) => {
    const usual = { htm: method, htu: url, jti: crypto.randomUUID(), iat: Math.floor(Date.now() / 1000) }
    const usualHeader = { alg: algorithm, typ: 'dpop+jwt', jwk }
    return new SignJWT({ ...usual, ...claims })
      .setProtectedHeader({ ...usualHeader, ...header })
      .sign(privateKey)
  }
  /** What a proof says of the token that it comes with (RFC 9449 §4.2, `ath`). */
  const ath = (token: string) => createHash('sha256').update(token).digest('base64url')
  return Object.assign(prove, {
    ...{ jwk, ath, thumbprint: await calculateJwkThumbprint(jwk) },
    privateJwk: await exportJWK(privateKey),
  })
}
