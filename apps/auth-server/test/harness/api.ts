import type { Cluster } from './cluster.ts'
import { createParty } from './party.ts'

type Options = { token?: string; method?: string; body?: unknown; tag?: string; key?: string }

/** The administration's API, as somebody; without `token` as nobody. */
export function createApi(cluster: Cluster, ownToken?: string) {
  return async (path: string, { token = ownToken, method = 'GET', body, tag, key }: Options = {}) => {
    const response = await fetch(`${cluster.issuer}${path}`, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(tag && { 'if-match': tag }),
        ...(key && { 'idempotency-key': key }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson ? JSON.parse(text) : undefined,
    }
  }
}

/** The API as the demo administrator, and the tokens of him and of a customer. */
export async function signInToApi(cluster: Cluster) {
  const administrator = (await createParty(cluster).signIn('admin@alicerce.test')).access_token
  const customer = (await createParty(cluster).signIn()).access_token
  return { call: createApi(cluster, administrator), administrator, customer }
}

export const ids = {
  customer: '00000000-0000-7000-8000-000000000001',
  support: '00000000-0000-7000-8000-000000000002',
  administrator: '00000000-0000-7000-8000-000000000003',
}
