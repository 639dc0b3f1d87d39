import createFetchClient, { type Client, type Middleware } from 'openapi-fetch'
import { ApiProblem, problemOf } from './api-problem.ts'
import type { Consistency } from './consistency.ts'
import { type Exchange, exchangeOf } from './exchange.ts'
import type { paths as GatewayPaths } from './generated/api-gateway.ts'
import type { paths as AccountPaths } from './generated/auth-server.ts'
import type { paths as OrderPaths } from './generated/order-service.ts'
import type { paths as UserPaths } from './generated/user-service.ts'

/** Every path of the API as the gateway offers it. */
export type ApiPaths = AccountPaths & GatewayPaths & OrderPaths & UserPaths
/** The typed client: `client.GET('/orders/{id}', …)`. It throws ApiProblem, so `data` is there whenever it answers. */
export type ApiClient = Client<ApiPaths>

/** An access token, and how to prove the key that it is bound to, where it is (RFC 9449). */
export type Credential = {
  token: string
  /** A proof for this one request. */
  prove?(request: { method: string; url: string }): Promise<string>
}

/** Where the client gets its access tokens. */
export type TokenSource = {
  /** One that is still good, or undefined for nobody. */
  current(): Promise<Credential | undefined>
  /** The API refused `refused`: another one, or undefined if there is none to be had. */
  renew(refused: Credential): Promise<Credential | undefined>
}

/** What the client is made of. `baseUrl` is absolute or a path of the page's own origin; `fetch` is the browser's by default. */
export type ApiClientOptions = {
  baseUrl: string
  tokens: TokenSource
  onExchange?: (exchange: Exchange) => void
  /** Without it, what is read right after a write may be older than that, for two seconds at most. */
  consistency?: Consistency
  fetch?: (request: Request) => Promise<Response>
}

/** Makes the client. A refused token is renewed once and the request repeated once; a second 401 is thrown like any problem. */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const { baseUrl, tokens, consistency, fetch = (request) => globalThis.fetch(request) } = options
  const send = createSender({ ...options, fetch })
  const client = createFetchClient<ApiPaths>({
    baseUrl,
    fetch: async (request) => {
      consistency?.show(request)
      const spare = request.clone()
      const credential = await tokens.current()
      const response = await send(await withCredential(request, credential))
      if (!isTokenRefused(response) || credential === undefined) return response
      const renewed = await tokens.renew(credential)
      return renewed === undefined ? response : send(await withCredential(spare, renewed))
    },
  })
  client.use(throwProblems)
  return client
}

/** A 401 that asks the person to sign in once more (RFC 9470) is not mended by a new token of the same sign-in. */
const isTokenRefused = ({ status, headers }: Response) =>
  status === 401 && !headers.get('www-authenticate')?.includes('error="insufficient_user_authentication"')

/** An openapi-fetch client answers errors as values; ours throws them, as TanStack Query expects. */
const throwProblems: Middleware = {
  async onResponse({ response }) {
    if (!response.ok && response.status !== 304) throw await problemOf(response)
    return undefined
  },
}

async function withCredential(request: Request, credential: Credential | undefined): Promise<Request> {
  if (credential?.prove) {
    request.headers.set('authorization', `DPoP ${credential.token}`)
    request.headers.set('dpop', await credential.prove(request))
  } else if (credential) request.headers.set('authorization', `Bearer ${credential.token}`)
  return request
}

function createSender({
  fetch,
  onExchange,
  consistency,
}: Pick<ApiClientOptions, 'onExchange' | 'consistency'> & {
  fetch: (request: Request) => Promise<Response>
}) {
  return async (request: Request): Promise<Response> => {
    const startedAt = Date.now()
    const start = performance.now()
    try {
      const response = await fetch(request)
      consistency?.keep(response)
      onExchange?.(exchangeOf(request, response, { startedAt, duration: performance.now() - start }))
      return response
    } catch (error) {
      if (request.signal.aborted) throw error
      throw new ApiProblem(0, undefined, undefined, error)
    }
  }
}
