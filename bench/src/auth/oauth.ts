import { createHash, randomBytes } from 'node:crypto'
import { createRelyingParty, formsOf } from '@alicerce/testing'
import { Pool } from 'undici'
import type { Operation } from '#src/measure/load.ts'
import { authorization, client } from './client.ts'
import { people } from './platform.ts'

/** Where a server under load listens. */
export type Target = { pid: number; url: string; issuer: string }

/** A form filled in and not yet sent. */
type FilledForm = { path: string; headers: Record<string, string>; body: string }

/** What a client and a browser ask of an OpenID Provider. Every operation throws where the answer is not the right one. */
export function createAsker({ url, issuer }: Target, { workers }: { workers: number }) {
  const pool = new Pool(url, { connections: workers, pipelining: 1 })
  const fields = (values: Record<string, string>) => new URLSearchParams(values).toString()
  const own = { authorization, 'content-type': 'application/x-www-form-urlencoded' }

  async function send(method: 'GET' | 'POST', path: string, headers: Record<string, string>, body?: string) {
    const answer = await pool.request({ method, path, headers, body: body ?? null })
    return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() }
  }

  async function post(path: string, body: string): Promise<Record<string, unknown>> {
    const { status, text } = await send('POST', path, own, body)
    if (status !== 200) throw new Error(`${path} answered ${status}: ${text}`)
    return text === '' ? {} : JSON.parse(text)
  }

  const partyOf = (base: string) =>
    createRelyingParty({ issuer, urls: [base] }, { client: client.id, redirect: client.redirect })
  const cookiesOf = ({ browser }: ReturnType<typeof partyOf>) =>
    [...browser.jar].map(([name, { value }]) => `${name.split(' ')[0]}=${value}`).join('; ')
  const asked = { scope: client.scope }

  /** A browser that is signed in. */
  async function signedIn(worker: number): Promise<string> {
    const party = partyOf(url)
    const page = await party.browser.open((await party.attempt({ scope: client.scope })).url)
    if (!page.location) await party.enter(page, emailOf(worker))
    return cookiesOf(party)
  }

  /** The whole code flow of a browser that is signed in: the authorization request with PKCE, and the redemption of its code. */
  async function flow(cookie: string): Promise<string> {
    const verifier = randomBytes(32).toString('base64url')
    const request = fields({
      ...{ client_id: client.id, redirect_uri: client.redirect, response_type: 'code', state: 'state' },
      ...{ scope: client.scope, resource: client.resource, nonce: 'nonce', code_challenge_method: 'S256' },
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    })
    const { status, headers, text } = await send('GET', `/auth?${request}`, { cookie })
    const code = URL.parse(String(headers.location))?.searchParams.get('code')
    if (!code) throw new Error(`/auth answered ${status} without a code: ${headers.location} ${text}`)
    const redeemed = { grant_type: 'authorization_code', code, redirect_uri: client.redirect }
    const answer = await post(
      '/token',
      fields({ ...redeemed, code_verifier: verifier, resource: client.resource }),
    )
    return answer.refresh_token as string
  }

  async function refresh(refreshToken: string) {
    const answer = await post('/token', fields({ grant_type: 'refresh_token', refresh_token: refreshToken }))
    return answer as { access_token: string; refresh_token: string }
  }

  const forWorkers = <Result>(make: (worker: number) => Promise<Result>) =>
    Promise.all(Array.from({ length: workers }, (_, worker) => make(worker)))

  const grant = { grant_type: 'client_credentials', scope: 'orders:read' }
  return {
    clientCredentials(): Operation {
      const body = fields({ ...grant, resource: client.resource })
      return async () => void (await post('/token', body))
    },
    async introspection(token: Record<string, string>): Promise<Operation> {
      const { access_token } = await post('/token', fields({ grant_type: 'client_credentials', ...token }))
      const body = fields({ token: String(access_token) })
      return async () => {
        const { active } = await post('/token/introspection', body)
        if (active !== true) throw new Error('The token is said to be inactive')
      }
    },
    async refresh(): Promise<Operation> {
      const cookies = await forWorkers(signedIn)
      const tokens = await Promise.all(cookies.map(flow))
      return async (worker) => {
        tokens[worker] = (await refresh(tokens[worker] as string)).refresh_token
      }
    },
    async codeFlow(): Promise<Operation> {
      const cookies = await forWorkers(signedIn)
      return async (worker) => void (await flow(cookies[worker] as string))
    },
    /** Access tokens of people, with what ends one. */
    async revocable() {
      let token = await flow(await signedIn(0))
      return {
        async accessToken(): Promise<string> {
          const answer = await refresh(token)
          token = answer.refresh_token
          return answer.access_token
        },
        revoke: async (accessToken: string) =>
          void (await post('/token/revocation', fields({ token: accessToken }))),
      }
    },
    /** Sign-in forms of browsers, filled in, each from an address of its own. */
    async filledForms(count: number): Promise<FilledForm[]> {
      const forms: FilledForm[] = []
      while (forms.length < count) forms.push(await filledForm(forms.length))
      return forms
    },
    /** Sends a sign-in form, up to the redirect to the client with a code. */
    async signIn({ path, headers, body }: FilledForm): Promise<void> {
      const entered = await send('POST', path, headers, body)
      const next = URL.parse(String(entered.headers.location), issuer)
      if (entered.status !== 303 || !next)
        throw new Error(`The sign-in answered ${entered.status}: ${entered.text}`)
      const { cookie = '' } = headers
      const { headers: answered, status } = await send('GET', `${next.pathname}${next.search}`, { cookie })
      if (!String(answered.location).includes('code='))
        throw new Error(`No code after the sign-in: ${status}`)
    },
    close: () => pool.close(),
  }

  async function filledForm(number: number): Promise<FilledForm> {
    const party = partyOf(url)
    const page = await party.browser.open((await party.attempt(asked)).url)
    const form = formsOf(page.text).find(({ action }) => action.endsWith('/sign-in'))
    if (!form) throw new Error(`No sign-in form: ${page.status} ${page.text}`)
    const entered = { email: emailOf(number), password: 'alicerce-demo' }
    return {
      path: URL.parse(form.action, page.url)?.pathname as string,
      headers: {
        ...{ cookie: cookiesOf(party), 'content-type': 'application/x-www-form-urlencoded' },
        'x-forwarded-for': `10.0.${Math.floor(number / 250)}.${1 + (number % 250)}`,
      },
      body: fields({ ...form.hidden, ...entered }),
    }
  }
}

const emailOf = (number: number) => `person-${1 + (number % people)}@bench.test`
