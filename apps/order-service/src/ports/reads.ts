import type { Account, Order, OrderStatus, OrderSummary } from '#src/domain/order.ts'
import type { Category, CategoryId, Product } from '#src/domain/product.ts'
import type { Locale } from '#src/domain/text.ts'

/** Where the next page of a list begins: the sort value and the id of the last row seen. */
export type Position = { value: string | number; id: string }
/** One page, and where the next one begins. */
export type Page<Item> = { items: Item[]; next: Position | undefined; total: number }

export const productSorts = ['name', 'price', '-price', 'newest'] as const
type ProductSort = (typeof productSorts)[number]
/** Which products, in which order. */
export type ProductQuery = {
  search?: string
  category?: CategoryId
  sort: ProductSort
  /** The language whose names are sorted. */
  locale: Locale
  limit: number
  after?: Position
}

/** The catalogue, read through the cache. */
export type Catalogue = {
  categories(): Promise<Category[]>
  product(id: string): Promise<Product | undefined>
  list(query: ProductQuery): Promise<Page<Product>>
}

export const orderSorts = ['-placedAt', 'placedAt', '-total', 'total'] as const
export type OrderSort = (typeof orderSorts)[number]
/** Which orders, in which order. */
export type OrderQuery = {
  /** Only those of this customer. */
  customerId?: string
  status?: readonly OrderStatus[]
  search?: string
  /** ISO 8601; from is included, to is not. */
  from?: string
  to?: string
  sort: OrderSort
  limit: number
  after?: Position
}

/** Orders and the lists of a customer, read through the cache; other lists come from the database. */
export type OrderReads = {
  order(id: string): Promise<Order | undefined>
  list(query: OrderQuery): Promise<Page<OrderSummary>>
  countByStatus(): Promise<Record<OrderStatus, number>>
  /** What is known of these accounts; one that is unknown is missing. */
  accounts(ids: readonly string[]): Promise<ReadonlyMap<string, Account>>
}
