import { createHmac, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  CompactSign,
  exportJWK,
  exportSPKI,
  type GenerateKeyPairResult,
  generateKeyPair,
  type JWK,
} from 'jose'

/** An authorization server reduced to its keys: it signs whatever it is told to, and publishes its key set on a socket. */
export type TestIssuer = {
  /** The issuer identifier, which is also where it listens: `http://127.0.0.1:<port>`. */
  readonly issuer: string
  readonly jwksUri: string
  /** How often the key set was fetched. */
  readonly keySetRequests: number
  /**
   * Signs an access token (RFC 9068). Claims and header parameters replace the usual ones; one given as `undefined` is left out.
   * `alg: 'none'` gives an unsigned token, `HS256` one whose secret is the public key as PEM: the two classic forgeries.
   */
  sign(claims?: Record<string, unknown>, header?: Record<string, unknown>): Promise<string>
  /** Signs with a key that is not published, under the id of the one that is. */
  forge(claims?: Record<string, unknown>, header?: Record<string, unknown>): Promise<string>
  /** Signs with a new key from now on. The old one stays published, unless it is to be withdrawn. */
  rotate(options?: { withdraw?: boolean }): Promise<void>
  /** The key set as it is published now. */
  keySet(): { keys: JWK[] }
  /** Answers the next requests for the key set with 503, until told otherwise. */
  fail(failing: boolean): void
  close(): Promise<void>
}

type SigningKey = { kid: string; pair: GenerateKeyPairResult; jwk: JWK }

/** Starts an issuer for tests. `clock` gives `iat`; default: real time. */
export async function createTestIssuer({
  algorithm = 'ES256',
  audience = 'urn:alicerce:api',
  clock = Date,
}: {
  algorithm?: 'ES256' | 'RS256'
  audience?: string
  clock?: { now(): number }
} = {}): Promise<TestIssuer> {
  let current = await createKey(algorithm)
  const stranger = await createKey(algorithm)
  let published = [current.jwk]
  let failing = false
  let keySetRequests = 0

  const server = createServer((request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (request.url === '/jwks') {
      keySetRequests++
      return failing ? answer(503, {}) : answer(200, { keys: published })
    }
    if (request.url === '/.well-known/openid-configuration')
      return answer(200, { issuer, jwks_uri: `${issuer}/jwks` })
    return answer(404, {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  function usualClaims() {
    const now = Math.floor(clock.now() / 1000)
    const sub = '00000000-0000-7000-8000-000000000001'
    return {
      ...{ iss: issuer, sub, aud: audience, client_id: 'web', jti: randomUUID() },
      ...{ iat: now, exp: now + 300, auth_time: now, scope: 'openid', roles: ['customer'] },
    }
  }

  const signWith = (key: SigningKey, claims: Record<string, unknown>, header: Record<string, unknown>) =>
    signRaw(
      key.pair,
      { alg: algorithm, typ: 'at+jwt', kid: current.kid, ...header },
      { ...usualClaims(), ...claims },
    )

  return {
    issuer,
    jwksUri: `${issuer}/jwks`,
    get keySetRequests() {
      return keySetRequests
    },
    sign: (claims = {}, header = {}) => signWith(current, claims, header),
    forge: (claims = {}, header = {}) => signWith(stranger, claims, header),
    async rotate({ withdraw = false } = {}) {
      current = await createKey(algorithm)
      published = withdraw ? [current.jwk] : [current.jwk, ...published]
    },
    keySet: () => ({ keys: published }),
    fail: (value) => {
      failing = value
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function createKey(algorithm: string): Promise<SigningKey> {
  const pair = await generateKeyPair(algorithm, { extractable: true })
  const kid = randomUUID()
  return { kid, pair, jwk: { ...(await exportJWK(pair.publicKey)), kid, alg: algorithm, use: 'sig' } }
}

async function signRaw(
  pair: GenerateKeyPairResult,
  header: Record<string, unknown> & { alg: string },
  claims: Record<string, unknown>,
): Promise<string> {
  const payload = Buffer.from(JSON.stringify(claims))
  const signingInput = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload.toString('base64url')}`
  if (header.alg === 'none') return `${signingInput}.`
  if (header.alg.startsWith('HS')) {
    const hmac = createHmac(`sha${header.alg.slice(2)}`, await exportSPKI(pair.publicKey))
    return `${signingInput}.${hmac.update(signingInput).digest('base64url')}`
  }
  return new CompactSign(payload).setProtectedHeader(header).sign(pair.privateKey)
}
