import type { Category, Product, ProductSummary } from '@alicerce/api-client'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { Locale } from './i18n/index.ts'
import { api } from './platform.ts'

/** What a list of products is asked by. */
export type ProductFilter = {
  search?: string
  category?: Category['id']
  sort: 'name' | 'price' | '-price' | 'newest'
  locale: Locale
  limit?: number
}

/** The shelves of the shop. */
export const categoriesQuery = queryOptions({
  queryKey: ['categories'],
  staleTime: 300_000,
  queryFn: async ({ signal }): Promise<Category[]> => {
    const { data } = await api.GET('/catalogue/categories', { signal })
    return data?.items ?? []
  },
})

/** Products, page after page. */
export const productsQuery = (filter: ProductFilter) =>
  infiniteQueryOptions({
    queryKey: ['products', filter],
    staleTime: 60_000,
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam: cursor, signal }) => {
      const query = { limit: 24, ...filter, ...(cursor && { cursor }) }
      const { data } = await api.GET('/catalogue/products', { params: { query }, signal })
      return data as { items: ProductSummary[]; nextCursor: string | null; total: number }
    },
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  })

/** One product. */
export const productQuery = (id: string) =>
  queryOptions({
    queryKey: ['product', id],
    queryFn: async ({ signal }): Promise<Product> => {
      const { data } = await api.GET('/catalogue/products/{id}', { params: { path: { id } }, signal })
      return data as Product
    },
  })
