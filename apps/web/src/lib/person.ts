import { useQuery } from '@tanstack/react-query'
import { api } from './platform.ts'
import { useSession } from './session/store.ts'

/** Query of the own profile, with the ETag that a change of it needs. */
export const ownProfileQuery = {
  queryKey: ['profile', 'me'],
  queryFn: async ({ signal }: { signal: AbortSignal }) => {
    const { data, response } = await api.GET('/users/me', { signal })
    return { profile: data as NonNullable<typeof data>, etag: response.headers.get('etag') ?? '' }
  },
}

/** What a part of the app asks of a person. Names are shown on the «forbidden» page. */
export const permissions = {
  'orders:all': ['support', 'administrator'],
  administration: ['administrator'],
} as const
export type Permission = keyof typeof permissions

/** Who is signed in, as the services know him; `roles` decide what is shown, the API decides what is done. */
export function usePerson() {
  const { status } = useSession()
  const { data, isPending, error } = useQuery({ ...ownProfileQuery, enabled: status === 'signed-in' })
  const profile = status === 'signed-in' ? data?.profile : undefined
  return {
    status,
    profile,
    error,
    isPending: status === 'signed-in' && isPending,
    may: (permission: Permission) =>
      profile !== undefined && permissions[permission].some((role) => profile.roles.includes(role)),
  }
}
