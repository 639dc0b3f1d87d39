import type { ApiScope, Role } from '@alicerce/api-client'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../../lib/platform.ts'

/** All roles, and every scope that one can grant. */
export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: async ({ signal }): Promise<{ items: Role[]; scopes: ApiScope[] }> => {
    const { data } = await api.GET('/administration/roles', { signal })
    return data as { items: Role[]; scopes: ApiScope[] }
  },
})

/** One role with the ETag that a change needs. */
export const roleQuery = (name: string) =>
  queryOptions({
    queryKey: ['roles', name],
    queryFn: async ({ signal }): Promise<{ role: Role; etag: string }> => {
      const { data, response } = await api.GET('/administration/roles/{name}', {
        params: { path: { name } },
        signal,
      })
      return { role: data as Role, etag: response.headers.get('etag') ?? '' }
    },
  })

/** Saves what the role is and grants, if it is still the one that was read. */
export async function changeRole(name: string, etag: string, body: Pick<Role, 'description' | 'scopes'>) {
  await api.PUT('/administration/roles/{name}', {
    params: { path: { name }, header: { 'If-Match': etag } },
    body,
  })
}
