import type { TestIssuer } from './test-issuer.ts'

/** The people of the services' tests. */
export const testPeople = {
  clara: { sub: '10000000-0000-7000-8000-000000000001', roles: ['customer'] },
  eva: { sub: '10000000-0000-7000-8000-000000000002', roles: ['customer'] },
  simao: { sub: '10000000-0000-7000-8000-000000000003', roles: ['customer', 'support'] },
  ana: { sub: '10000000-0000-7000-8000-000000000004', roles: ['customer', 'administrator'] },
}

/** The name of one of them. */
export type TestPerson = keyof typeof testPeople

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the service answers
type Body = any

/** What a request to a service was answered. JSON is parsed. */
export type ApiAnswer = { status: number; headers: Headers; body: Body }

/** Talks to a service as one of the people, as nobody, or with any token. */
export type ApiCaller = {
  call(method: string, path: string, options?: ApiCallOptions): Promise<ApiAnswer>
  token(as: TestPerson, claims?: Record<string, unknown>): Promise<string>
}

type ApiCallOptions = {
  as?: TestPerson
  /** Instead of a token of `as`. */
  token?: string
  body?: unknown
  headers?: Record<string, string>
  /** Default: all scopes of the service. */
  scope?: string
}

/** Makes a caller of the service at `url`; `scope` is what its tokens hold. */
export function createApiCaller({
  url,
  issuer,
  scope: allScopes,
}: {
  url: string
  issuer: TestIssuer
  scope: string
}): ApiCaller {
  const tokenOf: ApiCaller['token'] = (as, claims) =>
    issuer.sign({ ...testPeople[as], scope: allScopes, ...claims })
  return {
    token: tokenOf,
    async call(method, path, { as, token, body, headers, scope = allScopes } = {}) {
      const sentToken = token ?? (as && (await tokenOf(as, { scope })))
      const response = await fetch(url + path, {
        method,
        headers: {
          ...(sentToken && { authorization: `Bearer ${sentToken}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      const isJson = response.headers.get('content-type')?.includes('json')
      return {
        status: response.status,
        headers: response.headers,
        body: isJson && text ? JSON.parse(text) : text,
      }
    },
  }
}
