import type { SigningKeys } from '@alicerce/api-client'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../../lib/platform.ts'

/** Every signing key, and when each algorithm gets its next one. */
export const keysQuery = queryOptions({
  queryKey: ['keys'],
  queryFn: async ({ signal }): Promise<SigningKeys> => {
    const { data } = await api.GET('/administration/keys', { signal })
    return data as SigningKeys
  },
})

/** Announces the next key of an algorithm. */
export async function rotateKey(algorithm: SigningKeys['rotations'][number]['algorithm']): Promise<void> {
  await api.POST('/administration/keys/{algorithm}/rotate', { params: { path: { algorithm } } })
}
