import {
  type Account,
  type AccountSession,
  ApiProblem,
  type Consent,
  type NewAccount,
  type Profile,
  type ProfileSummary,
} from '@alicerce/api-client'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api } from '../../../lib/platform.ts'

/** Every role there is. */
export const roles = ['customer', 'support', 'administrator'] as const
export type Role = (typeof roles)[number]

/** What the list of users is asked by. */
export type UserFilter = {
  search?: string
  role?: Role
  status?: Account['status']
  sort: 'name' | '-createdAt'
}

/** Users, page after page. */
export const usersQuery = (filter: UserFilter) =>
  infiniteQueryOptions({
    queryKey: ['users', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam: cursor, signal }) => {
      const query = { limit: 24, ...filter, ...(cursor && { cursor }) }
      const { data } = await api.GET('/users', { params: { query }, signal })
      return data as { items: ProfileSummary[]; nextCursor: string | null; total: number }
    },
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  })

/** The account with the ETag that a change needs: roles and status live there. */
export const accountQuery = (id: string) =>
  queryOptions({
    queryKey: ['account', id],
    queryFn: async ({ signal }): Promise<{ account: Account; etag: string }> => {
      const { data, response } = await api.GET('/accounts/{id}', { params: { path: { id } }, signal })
      return { account: data as Account, etag: response.headers.get('etag') ?? '' }
    },
  })

/** The profile; null where the person has none yet. */
export const profileQuery = (id: string) =>
  queryOptions({
    queryKey: ['profile', id],
    queryFn: async ({ signal }): Promise<Profile | null> => {
      try {
        const { data } = await api.GET('/users/{id}', { params: { path: { id } }, signal })
        return data as Profile
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 404) return null
        throw error
      }
    },
  })

/** Gives the account these roles, if it is still the one that was read. */
export async function changeRoles(id: string, etag: string, roles: Account['roles']) {
  const { data, response } = await api.PUT('/accounts/{id}/roles', {
    params: { path: { id }, header: { 'If-Match': etag } },
    body: { roles },
  })
  return { account: data as Account, etag: response.headers.get('etag') ?? '' }
}

/** Disables or enables the account, if it is still the one that was read. */
export async function changeStatus(
  id: string,
  etag: string,
  change: { status: Account['status']; reason?: string },
) {
  const { data, response } = await api.PUT('/accounts/{id}/status', {
    params: { path: { id }, header: { 'If-Match': etag } },
    body: change,
  })
  return { account: data as Account, etag: response.headers.get('etag') ?? '' }
}

/** Where a person is signed in. */
export const sessionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['sessions', id],
    queryFn: async ({ signal }): Promise<AccountSession[]> => {
      const { data } = await api.GET('/accounts/{id}/sessions', { params: { path: { id } }, signal })
      return data?.items ?? []
    },
  })

/** Signs a person out everywhere. */
export async function endSessions(id: string): Promise<void> {
  await api.DELETE('/accounts/{id}/sessions', { params: { path: { id } } })
}

/** Has a link sent by which the person chooses another password. */
export async function sendPasswordLink(id: string): Promise<void> {
  await api.POST('/accounts/{id}/password-link', { params: { path: { id } } })
}

/** Makes an account. */
export async function createAccount(body: NewAccount): Promise<Account> {
  const { data } = await api.POST('/accounts', { body })
  return data as Account
}

/** What a person has allowed which client. */
export const consentsQuery = (id: string) =>
  queryOptions({
    queryKey: ['consents', id],
    queryFn: async ({ signal }): Promise<Consent[]> => {
      const { data } = await api.GET('/accounts/{id}/consents', { params: { path: { id } }, signal })
      return data?.items ?? []
    },
  })

/** Takes back what a person has allowed a client. */
export async function revokeConsent(id: string, clientId: string): Promise<void> {
  await api.DELETE('/accounts/{id}/consents/{clientId}', { params: { path: { id, clientId } } })
}
