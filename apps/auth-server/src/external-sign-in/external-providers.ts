import { readFileSync } from 'node:fs'
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
} from 'openid-client'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { isHttpsOrLoopback } from '#src/config.ts'

/** EXTERNAL_PROVIDERS_FILE cannot be read, or says what cannot be done. */
export class ExternalProvidersFileError extends Error {
  readonly code = 'external-providers-file'
}

/** What must come back with the answer of one attempt. */
export type AttemptSecrets = { state: string; nonce: string; verifier: string }

/** Who signed in there. */
export type ExternalIdentity = {
  issuer: string
  subject: string
  email: string | undefined
  emailVerified: boolean
  name: string | undefined
}

/** Another OpenID Provider, at which people may sign in. */
export type ExternalProvider = {
  id: string
  name: string
  /** Origin of its issuer, where its sign-in page is. */
  origin: string
  /** Where to send the person. @throws where the provider cannot be reached */
  authorizationUrl(secrets: AttemptSecrets): Promise<URL>
  /** Redeems the answer: state, issuer, nonce, signature and audience are held against the attempt. @throws where one does not fit */
  identify(answer: URLSearchParams, secrets: AttemptSecrets): Promise<ExternalIdentity>
}

const fileSchema = Type.Array(
  Type.Object(
    {
      id: Type.String({ pattern: '^[a-z0-9-]+$' }),
      name: Type.String({ minLength: 1 }),
      issuer: Type.String(),
      client_id: Type.String({ minLength: 1 }),
      client_secret: Type.String({ minLength: 1 }),
    },
    { additionalProperties: false },
  ),
)

/**
 * The providers of EXTERNAL_PROVIDERS_FILE: a JSON array of `{ id, name, issuer, client_id, client_secret }`. Register
 * `<ISSUER_URL>/external/<id>` there as redirect URI.
 * @throws {ExternalProvidersFileError}
 */
export function readExternalProviders(path: string | undefined, ownIssuer: string): ExternalProvider[] {
  if (!path) return []
  let entries: unknown
  try {
    entries = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new ExternalProvidersFileError(`EXTERNAL_PROVIDERS_FILE ${path} cannot be read as JSON`, { cause })
  }
  if (!Value.Check(fileSchema, entries)) {
    const [fault] = Value.Errors(fileSchema, entries)
    const where = (fault as { instancePath?: string } | undefined)?.instancePath
    throw new ExternalProvidersFileError(
      `EXTERNAL_PROVIDERS_FILE ${path}: ${where || 'the whole'} ${fault?.message}`,
    )
  }
  for (const { id, issuer } of entries)
    if (!isHttpsOrLoopback(issuer))
      throw new ExternalProvidersFileError(
        `EXTERNAL_PROVIDERS_FILE ${path}: the issuer of ${id} is not https (http is for loopback addresses only)`,
      )
  return entries.map((entry) => createExternalProvider(entry, `${ownIssuer}/external/${entry.id}`))
}

type Entry = { id: string; name: string; issuer: string; client_id: string; client_secret: string }

function createExternalProvider(entry: Entry, redirectUri: string): ExternalProvider {
  let known: Promise<Configuration> | undefined

  /** Asked once; a failure is not kept. */
  function configuration(): Promise<Configuration> {
    const execute = entry.issuer.startsWith('http:') ? [allowInsecureRequests] : []
    known ??= discovery(new URL(entry.issuer), entry.client_id, entry.client_secret, undefined, { execute })
    known.catch(() => {
      known = undefined
    })
    return known
  }

  return {
    id: entry.id,
    name: entry.name,
    origin: new URL(entry.issuer).origin,
    async authorizationUrl({ state, nonce, verifier }) {
      return buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      })
    },
    async identify(answer, { state, nonce, verifier }) {
      const tokens = await authorizationCodeGrant(
        await configuration(),
        new URL(`${redirectUri}?${answer}`),
        { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true },
      )
      const claims = tokens.claims()
      if (!claims) throw new TypeError('There is no ID token')
      const { iss, sub, email, email_verified: verified, name } = claims
      return {
        issuer: iss,
        subject: sub,
        email: typeof email === 'string' ? email : undefined,
        emailVerified: verified === true,
        name: typeof name === 'string' ? name : undefined,
      }
    },
  }
}
