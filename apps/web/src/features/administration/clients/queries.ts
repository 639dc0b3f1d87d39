import type { Client, ClientSettings, RedirectUriTest } from '@alicerce/api-client'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api } from '../../../lib/platform.ts'

/** Clients, page after page. */
export const clientsQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ['clients', { search }],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam: cursor, signal }) => {
      const query = { limit: 24, ...(search && { search }), ...(cursor && { cursor }) }
      const { data } = await api.GET('/administration/clients', { params: { query }, signal })
      return data as { items: Client[]; nextCursor: string | null }
    },
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  })

/** One client with the ETag that a change needs. */
export const clientQuery = (id: string) =>
  queryOptions({
    queryKey: ['clients', id],
    queryFn: async ({ signal }): Promise<{ client: Client; etag: string }> => {
      const { data, response } = await api.GET('/administration/clients/{id}', {
        params: { path: { id } },
        signal,
      })
      return { client: data as Client, etag: response.headers.get('etag') ?? '' }
    },
  })

/** Makes a client. Its secret is in this answer only. */
export async function createClient(body: ClientSettings): Promise<{ client: Client; secret: string | null }> {
  const { data } = await api.POST('/administration/clients', { body })
  return data as { client: Client; secret: string | null }
}

const ofVersion = (id: string, etag: string) => ({ path: { id }, header: { 'If-Match': etag } })

/** Saves the settings, if the client is still the one that was read. */
export async function changeClient(id: string, etag: string, body: ClientSettings): Promise<void> {
  await api.PUT('/administration/clients/{id}', { params: ofVersion(id, etag), body })
}

/** Makes a new secret. It is in this answer only. */
export async function rotateSecret(id: string, etag: string): Promise<string> {
  const { data } = await api.POST('/administration/clients/{id}/secret', { params: ofVersion(id, etag) })
  return data?.secret ?? ''
}

/** Disables or enables the client. */
export async function changeClientStatus(id: string, etag: string, disabled: boolean): Promise<void> {
  await api.PUT('/administration/clients/{id}/status', { params: ofVersion(id, etag), body: { disabled } })
}

/** Removes the client. */
export async function removeClient(id: string, etag: string): Promise<void> {
  await api.DELETE('/administration/clients/{id}', { params: ofVersion(id, etag) })
}

/** Whether codes would be sent to `uri`. */
export async function testRedirectUri(id: string, uri: string): Promise<RedirectUriTest> {
  const { data } = await api.POST('/administration/clients/{id}/redirect-uri-test', {
    params: { path: { id } },
    body: { uri },
  })
  return data as RedirectUriTest
}
