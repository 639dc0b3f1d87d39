import { ApiProblem, type Product } from '@alicerce/api-client'
import { useQueries } from '@tanstack/react-query'
import { type CartLine, useCart } from '../../lib/cart.ts'
import { productQuery } from '../../lib/catalogue.ts'

/** A line of the cart with what the catalogue says of it now. */
export type FilledLine = CartLine & { product: Product | undefined; isGone: boolean; error: unknown }

/** The cart with today's names, prices and stock. `total` is in minor units and counts what the catalogue has. */
export function useCartProducts() {
  const { lines } = useCart()
  const queries = useQueries({ queries: lines.map(({ productId }) => productQuery(productId)) })
  const filled = lines.map((line, index): FilledLine => {
    const { data: product, error } = queries[index] as (typeof queries)[number]
    return { ...line, product, error, isGone: error instanceof ApiProblem && error.status === 404 }
  })
  const amount = filled.reduce(
    (sum, { product, quantity }) => sum + (product?.price.amount ?? 0) * quantity,
    0,
  )
  return {
    lines: filled,
    isPending: queries.some(({ isPending }) => isPending),
    error: filled.find(({ error, isGone }) => error && !isGone)?.error,
    canOrder: filled.every(({ product, quantity }) => product && quantity <= product.stock),
    total: {
      amount,
      currency: filled.find(({ product }) => product)?.product?.price.currency ?? ('EUR' as const),
    },
  }
}
