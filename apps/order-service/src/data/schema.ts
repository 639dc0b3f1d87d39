import type { ColumnType, Generated } from 'kysely'
import type { OrderStatus, ShippingAddress } from '#src/domain/order.ts'
import type { CategoryId, Product } from '#src/domain/product.ts'

/** `jsonb` is written as text and read as what it holds. */
type Json<T> = ColumnType<T, string, string>
type Time = ColumnType<Date, Date | string, Date | string>

type CategoryTable = { id: CategoryId; position: number; name_en: string; name_pt: string }

type ProductTable = {
  id: string
  slug: string
  category_id: CategoryId
  name_en: string
  name_pt: string
  description_en: string
  description_pt: string
  details: Json<Product['details']>
  motif: string
  palette: string
  price: number
  stock: number
  version: Generated<number>
  sort_en: string
  sort_pt: string
  search_text: string
  created_at: Time
}

type AccountTable = {
  id: string
  name: string
  email: string | null
  /** 0 until the first event comes; `bigint`, which `pg` gives as text. */
  version: ColumnType<string, number, number>
  search_text: string
  /** How often the orders of this account have changed; `bigint` too. */
  orders_version: ColumnType<string, number | undefined, number>
}

type OrderTable = {
  id: string
  number: string
  status: OrderStatus
  customer_id: string
  total: number
  line_count: number
  shipping_address: Json<ShippingAddress>
  note: string | null
  placed_at: Time
  updated_at: Time
  version: number
}

type OrderLineTable = {
  order_id: string
  position: number
  product_id: string
  name_en: string
  name_pt: string
  quantity: number
  unit_price: number
}

type OrderEventTable = {
  id: Generated<string>
  order_id: string
  at: Time
  action: string
  outcome: 'done' | 'denied'
  from_status: string | null
  to_status: string | null
  actor_id: string
  actor_name: string
  actor_role: string
  reason: string | null
  trace_id: string | null
}

/** The tables of this service's database. Those of outbox, inbox and idempotency are the packages' own. */
export type Tables = {
  category: CategoryTable
  product: ProductTable
  account: AccountTable
  order: OrderTable
  order_line: OrderLineTable
  order_event: OrderEventTable
}
