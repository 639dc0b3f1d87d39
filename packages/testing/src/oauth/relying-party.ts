import * as oauth from 'oauth4webapi'
import { until } from '../until.ts'
import type { Answer } from './machine.ts'
import { createScriptedBrowser, type Page } from './scripted-browser.ts'

/** An auth server: its issuer, and where each of its processes listens. */
export type AuthServerAddress = { issuer: string; urls: readonly string[] }

/** Where the web app is in development, unless told otherwise. */
export const webApp = 'http://localhost:8080'
/** The audience of the API. */
export const audience = 'urn:alicerce:api'

/** What the web app asks for. */
export const allScopes =
  'openid profile email orders:read orders:write users:read users:write accounts:manage clients:manage keys:manage audit:read roles:manage'
const insecure = { [oauth.allowInsecureRequests]: true }

/** The answer of the token endpoint. */
export type Tokens = { access_token: string; refresh_token: string; id_token: string; expires_in: number }
type TokenAnswer = Answer & { body: Partial<Tokens> }

/** What one attempt to sign in needs to be finished. */
export type Attempt = { url: string; verifier: string; state: string; nonce: string }

/** Somebody who wants an account. */
export type Registrant = { name: string; email: string; password: string }

/** The code that was mailed to an address, from the outbox of a server that shows its mails. @throws where none comes */
export async function mailedCode(urls: readonly string[], email: string): Promise<string> {
  let code: string | undefined
  await until(async () => {
    const response = await fetch(`${urls[0]}/outbox`, { headers: { accept: 'application/json' } })
    const mails = (await response.json()) as { to: string; text: string }[]
    const mail = mails.find(({ to }) => to === email.trim().toLowerCase())
    code = /^(\d{4} \d{4})$/m.exec(mail?.text ?? '')?.[1]
    return code !== undefined
  })
  return code as string
}

/** The web app as a relying party, its browser, and raw requests for what no honest client would send. */
export function createRelyingParty(
  cluster: AuthServerAddress,
  { client = 'web', redirect = `${webApp}/auth/callback` } = {},
) {
  let instance = 0
  const server = () => cluster.urls[instance++ % cluster.urls.length] as string
  const browser = createScriptedBrowser(server, cluster.issuer)

  /** The URL of an authorization request; `undefined` leaves a parameter out. */
  async function attempt(changes: Record<string, string | undefined> = {}): Promise<Attempt> {
    const verifier = oauth.generateRandomCodeVerifier()
    const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()]
    const parameters: Record<string, string | undefined> = {
      client_id: client,
      redirect_uri: redirect,
      response_type: 'code',
      scope: client === 'web' ? allScopes : 'openid orders:read',
      resource: audience,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      ...changes,
    }
    const given = Object.entries(parameters).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    )
    return { url: `/auth?${new URLSearchParams(given)}`, verifier, state, nonce }
  }

  async function token(
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<TokenAnswer> {
    const response = await fetch(`${server()}/token`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ ...(headers.authorization ? {} : { client_id: client }), ...fields }),
    })
    return {
      status: response.status,
      body: (await response.json()) as TokenAnswer['body'],
      headers: response.headers,
    }
  }

  const codeFields = ({ verifier }: Attempt, page: Page) => ({
    grant_type: 'authorization_code',
    code: page.location?.searchParams.get('code') as string,
    redirect_uri: redirect,
    code_verifier: verifier,
    resource: audience,
  })

  /** Fills the sign-in form in, up to the redirect to the client. */
  async function enter(
    page: Page,
    email = 'customer@alicerce.test',
    password = 'alicerce-demo',
  ): Promise<Page> {
    return browser.submit(page, '/sign-in', { email, password })
  }

  /** Fills the form of a new account in, up to the page that asks for the code of the mail. */
  async function askForAccount(page: Page, person: Registrant): Promise<Page> {
    const form = await browser.open(`${new URL(page.url).pathname}/register`)
    return browser.submit(form, '/register', person)
  }

  /** Makes an account, from the sign-in page up to the redirect to the client. Needs a server that shows its mails. */
  async function register(page: Page, person: Registrant): Promise<Page> {
    const asked = await askForAccount(page, person)
    return browser.submit(asked, '/confirm-address', { code: await mailedCode(cluster.urls, person.email) })
  }

  /** Signs in to the code, without redeeming it. */
  async function code(email?: string, changes: Record<string, string | undefined> = {}) {
    const request = await attempt(changes)
    const first = await browser.open(request.url)
    const page = first.location ? first : await enter(first, email)
    if (!page.location?.searchParams.get('code'))
      throw new Error(`No code: ${page.status} ${page.location} ${page.text}`)
    return { request, page, fields: codeFields(request, page) }
  }

  /** A whole sign-in, each answer judged by oauth4webapi. */
  async function signIn(email?: string, changes: Record<string, string | undefined> = {}): Promise<Tokens> {
    const { request, page } = await code(email, changes)
    const issuer = new URL(cluster.issuer)
    const server = await oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, insecure),
    )
    const self = { client_id: client }
    const parameters = oauth.validateAuthResponse(server, self, page.location as URL, request.state)
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      self,
      oauth.None(),
      parameters,
      redirect,
      request.verifier,
      { ...insecure, additionalParameters: { resource: audience } },
    )
    const result = await oauth.processAuthorizationCodeResponse(server, self, response, {
      expectedNonce: request.nonce,
      requireIdToken: true,
    })
    return result as unknown as Tokens
  }

  const refresh = (refreshToken: string, fields: Record<string, string> = {}) =>
    token({ grant_type: 'refresh_token', refresh_token: refreshToken, resource: audience, ...fields })

  return {
    browser,
    attempt,
    askForAccount,
    register,
    token,
    code,
    codeFields,
    enter,
    signIn,
    refresh,
    server,
  }
}

/** The claims of a JWT, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString())
}
