import type { CacheExplanation, CacheInvalidation, CacheView, Profile } from '@alicerce/api-client'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../../lib/platform.ts'

/** The services that have a cache, as the API names them. */
export const cachedServices = ['orders', 'users'] as const
export type CachedService = (typeof cachedServices)[number]

/** How often the figures are asked for, while somebody can see them. */
export const refreshMilliseconds = 5000

const pathOf = <S extends CachedService>(service: S) => `/administration/caches/${service}` as const

/** The cache of a service over all its processes. */
export const cacheQuery = (service: CachedService) =>
  queryOptions({
    queryKey: ['caches', service],
    staleTime: 0,
    queryFn: async ({ signal }): Promise<CacheView> => {
      const { data } = await api.GET(pathOf(service), { signal })
      return data as CacheView
    },
  })

/** Who made what void, the newest first. */
export const invalidationsQuery = (service: CachedService) =>
  queryOptions({
    queryKey: ['caches', service, 'invalidations'],
    staleTime: 0,
    queryFn: async ({ signal }): Promise<CacheInvalidation[]> => {
      const { data } = await api.GET(`${pathOf(service)}/invalidations`, { signal })
      return data?.items ?? []
    },
  })

/** The name of a person, by the id that the log has. */
export const personQuery = (id: string) =>
  queryOptions({
    queryKey: ['profile', id],
    staleTime: 300_000,
    retry: false,
    queryFn: async ({ signal }): Promise<Profile> => {
      const { data } = await api.GET('/users/{id}', { params: { path: { id } }, signal })
      return data as Profile
    },
  })

/** One key, or all that has a tag. */
export type Chosen = { class: string; key: string } | { tag: string }

/** How a key stands. */
export async function explainKey(service: CachedService, body: { class: string; key: string }) {
  const { data } = await api.POST(`${pathOf(service)}/explanations`, { body })
  return data as CacheExplanation
}

/** Makes it void in every process. */
export async function makeVoid(service: CachedService, chosen: Chosen): Promise<void> {
  if ('tag' in chosen) await api.POST(`${pathOf(service)}/invalidations/tags`, { body: chosen })
  else await api.POST(`${pathOf(service)}/invalidations/keys`, { body: chosen })
}
