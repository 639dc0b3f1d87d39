import type { Selectable } from 'kysely'
import { euros, times } from '#src/domain/money.ts'
import type { Order, OrderLine, TimelineEntry } from '#src/domain/order.ts'
import type { Product } from '#src/domain/product.ts'
import type { Tables } from './schema.ts'

type Row<Table extends keyof Tables> = Selectable<Tables[Table]>

/** The columns that {@link productOf} reads. */
export const productColumns = [
  'id',
  'slug',
  'category_id',
  'name_en',
  'name_pt',
  'description_en',
  'description_pt',
  'details',
  'motif',
  'palette',
  'price',
  'stock',
  'version',
] as const

/** The columns of an order's line that {@link orderOf} reads. */
export const lineColumns = ['product_id', 'name_en', 'name_pt', 'quantity', 'unit_price'] as const
type LineRow = Pick<Row<'order_line'>, (typeof lineColumns)[number]>

/** The columns of an order's history that {@link orderOf} reads. */
export const eventColumns = [
  'at',
  'action',
  'from_status',
  'to_status',
  'actor_id',
  'actor_name',
  'actor_role',
  'reason',
] as const
/** Rows that come inside of JSON have times as text. */
type EventRow = Omit<Row<'order_event'>, 'at' | 'id' | 'order_id' | 'outcome' | 'trace_id'> & {
  at: Date | string
}

/** A product from its row. */
export const productOf = (row: Pick<Row<'product'>, (typeof productColumns)[number]>): Product => ({
  id: row.id,
  slug: row.slug,
  name: { en: row.name_en, 'pt-BR': row.name_pt },
  category: row.category_id,
  price: euros(row.price),
  stock: row.stock,
  description: { en: row.description_en, 'pt-BR': row.description_pt },
  details: row.details,
  motif: row.motif,
  palette: row.palette,
  version: row.version,
})

/** An order from its row, its lines and its history. */
export const orderOf = (
  row: Row<'order'>,
  lines: readonly LineRow[],
  events: readonly EventRow[],
): Order => ({
  id: row.id,
  number: row.number,
  status: row.status,
  customerId: row.customer_id,
  lines: lines.map(lineOf),
  total: euros(row.total),
  shippingAddress: row.shipping_address,
  note: row.note,
  placedAt: row.placed_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
  version: row.version,
  timeline: events.map(entryOf),
})

const lineOf = (row: LineRow): OrderLine => ({
  productId: row.product_id,
  name: { en: row.name_en, 'pt-BR': row.name_pt },
  quantity: row.quantity,
  unitPrice: euros(row.unit_price),
  total: times(euros(row.unit_price), row.quantity),
})

/** The table's rows were entries once, so their words are an entry's. */
const entryOf = (row: EventRow): TimelineEntry => ({
  at: new Date(row.at).toISOString(),
  action: row.action as TimelineEntry['action'],
  from: row.from_status as TimelineEntry['from'],
  to: row.to_status as TimelineEntry['to'],
  actor: { id: row.actor_id, name: row.actor_name, role: row.actor_role as TimelineEntry['actor']['role'] },
  reason: row.reason,
})
