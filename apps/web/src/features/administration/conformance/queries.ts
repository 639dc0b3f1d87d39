import type { ConformanceReport } from '@alicerce/api-client'
import { infiniteQueryOptions } from '@tanstack/react-query'
import { api } from '../../../lib/platform.ts'

/** A client with what came of its rules. */
export type ClientReport = { id: string; name: string; report: ConformanceReport }

/** The report of the server, and those of its clients page after page. */
export const conformanceQuery = infiniteQueryOptions({
  queryKey: ['clients', 'conformance'],
  initialPageParam: undefined as string | undefined,
  queryFn: async ({ pageParam: cursor, signal }) => {
    const query = { limit: 24, ...(cursor && { cursor }) }
    const { data } = await api.GET('/administration/conformance', { params: { query }, signal })
    return data as { server: ConformanceReport; clients: ClientReport[]; nextCursor: string | null }
  },
  getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
})
