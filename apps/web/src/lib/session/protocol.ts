import * as oauth from 'oauth4webapi'
import type { Configuration } from '../configuration.ts'
import type { StepUp } from './step-up.ts'

const scope =
  'openid profile email orders:read orders:write users:read users:write accounts:manage clients:manage keys:manage audit:read roles:manage'

/**
 * How far the computer's clock may be off before an ID token counts as expired, in seconds. It came just now over a connection of our
 * own with a nonce of our own, so the time in it decides nothing; a wrong clock must not lock its owner out.
 */
const tolerance = 1800

/** The OpenID Connect exchanges of this app with its auth server, without any state. */
export type Protocol = {
  authorizationUrl(
    request: { state: string; nonce: string; verifier: string; prompt?: 'none' } & StepUp,
  ): Promise<URL>
  /** A key to bind tokens to, which cannot leave the browser (RFC 9449); undefined where the installation does not bind them. */
  newKey(): Promise<CryptoKeyPair | undefined>
  redeem(
    parameters: URLSearchParams,
    expected: { state: string; nonce: string; verifier: string },
    key?: CryptoKeyPair,
  ): Promise<oauth.TokenEndpointResponse>
  refresh(refreshToken: string, key?: CryptoKeyPair): Promise<oauth.TokenEndpointResponse>
  /** Proves for one request to the API that whoever sends `accessToken` holds `key`. */
  prove(key: CryptoKeyPair, accessToken: string, request: { method: string; url: string }): Promise<string>
  revoke(token: string): Promise<void>
  endSessionUrl(idToken: string | undefined): Promise<URL>
}

/** Why a callback was not accepted, before or by the auth server. */
export class CallbackError extends Error {
  override readonly name = 'CallbackError'
  /** `state` and `issuer`: the address was not made by a sign-in of this tab. Else the auth server's own error code. */
  readonly code: string

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

/** Makes the protocol for `configuration`; `origin` is that of the app. Discovery is asked when first needed, and again if it failed. */
export function createProtocol(configuration: Configuration, origin: string): Protocol {
  const { issuer, clientId, audience, boundTokens, clockSkew } = configuration
  const client: oauth.Client = { client_id: clientId, [oauth.clockTolerance]: tolerance }
  // Proofs are refused after a minute, so a wrong clock is made up for.
  const prover: oauth.Client = { client_id: clientId, [oauth.clockSkew]: clockSkew }
  const boundBy = (key: CryptoKeyPair | undefined) => key && { DPoP: oauth.DPoP(prover, key) }
  const redirectUri = `${origin}/auth/callback`
  const http = { [oauth.allowInsecureRequests]: issuer.startsWith('http:') }
  const forResource = { ...http, additionalParameters: { resource: audience } }
  const discover = discovery(new URL(issuer), http)

  return {
    async authorizationUrl({ state, nonce, verifier, prompt, maxAge, acrValues }) {
      const url = new URL(required((await discover()).authorization_endpoint))
      url.search = new URLSearchParams({
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirectUri,
        scope,
        resource: audience,
        state,
        nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(prompt && { prompt }),
        ...(maxAge !== undefined && { max_age: String(maxAge) }),
        ...(acrValues && { acr_values: acrValues.join(' ') }),
      }).toString()
      return url
    },
    newKey: async () => (boundTokens ? oauth.generateKeyPair('ES256') : undefined),
    async redeem(parameters, { state, nonce, verifier }, key) {
      // Required even of a server whose metadata does not promise it (RFC 9207): without it, mix-up is open.
      if (parameters.get('iss') !== issuer)
        throw new CallbackError('issuer', 'The answer does not come from the expected auth server.')
      const server = await discover()
      const accepted = validated(() => oauth.validateAuthResponse(server, client, parameters, state))
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        oauth.None(),
        accepted,
        redirectUri,
        verifier,
        { ...forResource, ...boundBy(key) },
      )
      return oauth.processAuthorizationCodeResponse(server, client, response, {
        expectedNonce: nonce,
        requireIdToken: true,
      })
    },
    async refresh(refreshToken, key) {
      const server = await discover()
      const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken, {
        ...forResource,
        ...boundBy(key),
      })
      return oauth.processRefreshTokenResponse(server, client, response)
    },
    async prove(key, accessToken, { method, url }) {
      const { promise, resolve } = Promise.withResolvers<string>()
      // The library gives no proof alone: it is taken from the request that it would have sent.
      await oauth.protectedResourceRequest(accessToken, method, new URL(url), undefined, undefined, {
        ...http,
        ...boundBy(key),
        async [oauth.customFetch](_url, { headers }) {
          resolve(new Headers(headers).get('dpop') ?? '')
          return new Response()
        },
      })
      return promise
    },
    async revoke(token) {
      const server = await discover()
      await oauth.processRevocationResponse(
        await oauth.revocationRequest(server, client, oauth.None(), token, {
          ...http,
          additionalParameters: { token_type_hint: 'refresh_token' },
        }),
      )
    },
    async endSessionUrl(idToken) {
      const url = new URL(required((await discover()).end_session_endpoint))
      url.searchParams.set('client_id', clientId)
      url.searchParams.set('post_logout_redirect_uri', `${origin}/signed-out`)
      if (idToken) url.searchParams.set('id_token_hint', idToken)
      return url
    },
  }
}

function discovery(issuer: URL, http: oauth.HttpRequestOptions<'GET'>) {
  let known: Promise<oauth.AuthorizationServer> | undefined
  return () => {
    known ??= oauth
      .discoveryRequest(issuer, http)
      .then((response) => oauth.processDiscoveryResponse(issuer, response))
      .catch((error) => {
        known = undefined
        throw error
      })
    return known
  }
}

function validated(check: () => URLSearchParams): URLSearchParams {
  try {
    return check()
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError)
      throw new CallbackError(error.error, error.error_description ?? error.error, error)
    throw new CallbackError('response', 'The answer of the auth server is not valid.', error)
  }
}

function required(endpoint: string | undefined): string {
  if (endpoint === undefined) throw new Error('The auth server does not say where its endpoints are.')
  return endpoint
}
