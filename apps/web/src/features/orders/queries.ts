import type { Order, OrderAction, OrderSummary } from '@alicerce/api-client'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api } from '../../lib/platform.ts'

/** Where orders can stand, in the order of their lives. */
export const orderStatuses = ['placed', 'paid', 'shipped', 'delivered', 'cancelled'] as const

/** Orders of a list may be sorted so. The first is the API's own. */
export const orderSorts = ['-placedAt', 'placedAt', '-total', 'total'] as const

/** What a list of orders is asked by. */
export type OrderFilter = {
  scope: 'mine' | 'all'
  status?: string
  search?: string
  customer?: string
  from?: string
  to?: string
  sort?: (typeof orderSorts)[number]
}

/** Orders, page after page. */
export const ordersQuery = (filter: OrderFilter) =>
  infiniteQueryOptions({
    queryKey: ['orders', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam: cursor, signal }) => {
      const query = { limit: 24, ...filter, ...(cursor && { cursor }) }
      const { data } = await api.GET('/orders', { params: { query }, signal })
      return data as { items: OrderSummary[]; nextCursor: string | null; total: number }
    },
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  })

/** How many orders stand where. For staff. */
export const orderCountsQuery = queryOptions({
  queryKey: ['orders', 'summary'],
  queryFn: async ({ signal }) => {
    const { data } = await api.GET('/orders/summary', { signal })
    return data as NonNullable<typeof data>
  },
})

/** How often an open order is asked for again, in milliseconds: somebody else may move it. */
const watchInterval = 15_000

/** One order with the ETag that moving it needs. */
export const orderQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id],
    refetchInterval: watchInterval,
    queryFn: async ({ signal }): Promise<{ order: Order; etag: string }> => {
      const { data, response } = await api.GET('/orders/{id}', { params: { path: { id } }, signal })
      return { order: data as Order, etag: response.headers.get('etag') ?? '' }
    },
  })

/** Moves an order on, from the version that was read. */
export async function moveOrder(id: string, etag: string, move: { action: OrderAction; reason?: string }) {
  const { data, response } = await api.POST('/orders/{id}/transitions', {
    params: { path: { id }, header: { 'If-Match': etag } },
    body: move,
  })
  return { order: data as Order, etag: response.headers.get('etag') ?? '' }
}
