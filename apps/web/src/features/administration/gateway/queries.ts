import type { GatewayView, WhichRoute } from '@alicerce/api-client'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../../lib/platform.ts'

/** How often the figures are asked for, while somebody can see them. The next request waits for the one before. */
export const refreshMilliseconds = 5000

/** What the gateway serves now, with its figures. */
export const gatewayQuery = queryOptions({
  queryKey: ['gateway'],
  // Coming back to the page shows what is true now.
  staleTime: 0,
  queryFn: async ({ signal }): Promise<GatewayView> => {
    const { data } = await api.GET('/gateway', { signal })
    return data as GatewayView
  },
})

/** A request that somebody thinks of. */
export type Imagined = { url: string; method: string; headers: string }

/** Which route would take it. */
export async function findRoute({ url, method, headers }: Imagined): Promise<WhichRoute> {
  const header = headers
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  const { data } = await api.GET('/gateway/which', { params: { query: { url, method, header } } })
  return data as WhichRoute
}
