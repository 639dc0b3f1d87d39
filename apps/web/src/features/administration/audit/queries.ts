import type { AuditEvent } from '@alicerce/api-client'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api } from '../../../lib/platform.ts'

/** What the audit log is asked by. Times are ISO 8601. */
export type AuditFilter = {
  action?: string
  actor?: string
  target?: string
  /** As actor or target. */
  about?: string
  outcome?: 'done' | 'refused'
  from?: string
  to?: string
}

/** Entries, page after page, newest first. */
export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam: cursor, signal }) => {
      const query = { limit: 50, ...filter, ...(cursor && { cursor }) }
      const { data } = await api.GET('/administration/audit-events', { params: { query }, signal })
      return data as { items: AuditEvent[]; nextCursor: string | null }
    },
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  })

/** One entry; it never changes. */
export const auditEventQuery = (id: string) =>
  queryOptions({
    queryKey: ['audit-event', id],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }): Promise<AuditEvent> => {
      const { data } = await api.GET('/administration/audit-events/{id}', {
        params: { path: { id } },
        signal,
      })
      return data as AuditEvent
    },
  })

/** Every action that can be filtered by. */
export const auditActionsQuery = queryOptions({
  queryKey: ['audit-actions'],
  queryFn: async ({ signal }): Promise<string[]> => {
    const { data } = await api.GET('/administration/audit-actions', { signal })
    return data?.items ?? []
  },
})

/** The entries as a CSV file, made by the API: with the token, so that the link to it is of this page only. */
export async function exportAudit(query: AuditFilter): Promise<Blob> {
  const { data } = await api.GET('/administration/audit-export', { params: { query }, parseAs: 'blob' })
  return data as unknown as Blob
}
