import type { Outbox, Transaction } from '@alicerce/database'
import { sql } from 'kysely'
import type { Order, TimelineEntry } from '#src/domain/order.ts'
import { foldText } from '#src/domain/text.ts'
import type { OrderRecords } from '#src/ports/order-records.ts'
import { orderEvent } from './announcements.ts'
import { readOrder } from './read-order.ts'
import { productColumns, productOf } from './rows.ts'
import type { Tables } from './schema.ts'

/** Takes what is older than the version that is written out of every cache when the transaction commits. */
type Invalidations = {
  product(tx: Transaction<Tables>, id: string, version: number): Promise<void>
  order(tx: Transaction<Tables>, id: string, version: number): Promise<void>
  /** The lists of a customer's orders. */
  ordersOf(tx: Transaction<Tables>, customerId: string, version: number): Promise<void>
}

/** What {@link createOrderRecords} needs. */
export type OrderRecordsParts = {
  invalidations: Invalidations
  outbox: Outbox
  /** The trace that runs now, for the audit trail. */
  traceId: () => string | undefined
  /** The same, to be passed on with events. */
  traceparent: () => string | undefined
}

/** The records of orders, in one PostgreSQL transaction. */
export function createOrderRecords(parts: OrderRecordsParts): (tx: Transaction<Tables>) => OrderRecords {
  return (tx) => ({
    ...stockOf(tx, parts),
    ...ordersOf(tx, parts),
    async nextNumber() {
      const { rows } = await sql<{ number: string }>`select nextval('order_number') as number`.execute(
        tx.query,
      )
      return Number(rows[0]?.number)
    },
    async accountOf(id, { name }) {
      await tx.query
        .insertInto('account')
        .values({ id, name, email: null, version: 0, search_text: foldText(name) })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      return tx.query
        .selectFrom('account')
        .select(['id', 'name', 'email'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
    },
    async announce(type, order) {
      await parts.outbox.append(tx, [orderEvent(type, order, parts.traceparent())])
    },
  })
}

function stockOf(
  tx: Transaction<Tables>,
  { invalidations }: OrderRecordsParts,
): Pick<OrderRecords, 'lockProducts' | 'changeStock'> {
  const lockProducts = async (ids: readonly string[]) =>
    tx.query
      .selectFrom('product')
      .select(productColumns)
      .where('id', 'in', [...ids])
      .orderBy('id')
      .forUpdate()
      .execute()
  return {
    async lockProducts(ids) {
      const rows = await lockProducts(ids)
      return new Map(rows.map((row) => [row.id, productOf(row)]))
    },
    async changeStock(changes) {
      await lockProducts(changes.map(({ productId }) => productId))
      for (const { productId, by } of changes) {
        const { version } = await tx.query
          .updateTable('product')
          .set((product) => ({ stock: product('stock', '+', by), version: product('version', '+', 1) }))
          .where('id', '=', productId)
          .returning('version')
          .executeTakeFirstOrThrow()
        await invalidations.product(tx, productId, version)
      }
    },
  }
}

function ordersOf(
  tx: Transaction<Tables>,
  { invalidations, traceId }: OrderRecordsParts,
): Pick<OrderRecords, 'insert' | 'lock' | 'save' | 'recordDenied'> {
  const record = (orderId: string, entry: TimelineEntry) =>
    tx.query
      .insertInto('order_event')
      .values(eventRow(orderId, entry, traceId()))
      .execute()
  /** The row of the account is locked last, so that nobody waits in a circle. */
  const invalidate = async ({ id, customerId, version }: Order) => {
    await invalidations.order(tx, id, version)
    const { orders_version } = await tx.query
      .updateTable('account')
      .set({ orders_version: sql<number>`orders_version + 1` })
      .where('id', '=', customerId)
      .returning('orders_version')
      .executeTakeFirstOrThrow()
    await invalidations.ordersOf(tx, customerId, Number(orders_version))
  }
  return {
    async insert(order) {
      await tx.query.insertInto('order').values(orderRow(order)).execute()
      await tx.query.insertInto('order_line').values(lineRows(order)).execute()
      for (const entry of order.timeline) await record(order.id, entry)
      await invalidate(order)
    },
    async lock(id) {
      const row = await tx.query
        .selectFrom('order')
        .select('id')
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst()
      return row && readOrder(tx.query, id)
    },
    async save(order, entry) {
      const { status, updatedAt, version } = order
      await tx.query
        .updateTable('order')
        .set({ status, updated_at: updatedAt, version })
        .where('id', '=', order.id)
        .execute()
      await record(order.id, entry)
      await invalidate(order)
    },
    async recordDenied({ orderId, action, caller, reason, now }) {
      await sql`
        insert into order_event (order_id, at, action, outcome, actor_id, actor_name, actor_role, reason, trace_id)
        select id, ${new Date(now)}, ${action}, 'denied', ${caller.id},
          coalesce((select name from account where account.id = ${caller.id}), ${caller.id}),
          ${caller.roles.join(' ')}, ${reason}, ${traceId() ?? null}
        from "order" where id = ${orderId}`.execute(tx.query)
    },
  }
}

/** An order as a row. */
export const orderRow = (order: Order) => ({
  id: order.id,
  number: order.number,
  status: order.status,
  customer_id: order.customerId,
  total: order.total.amount,
  line_count: order.lines.length,
  shipping_address: JSON.stringify(order.shippingAddress),
  note: order.note,
  placed_at: order.placedAt,
  updated_at: order.updatedAt,
  version: order.version,
})

/** The lines of an order as rows. */
export const lineRows = (order: Order) =>
  order.lines.map(({ productId, name, quantity, unitPrice }, position) => ({
    order_id: order.id,
    position,
    product_id: productId,
    name_en: name.en,
    name_pt: name['pt-BR'],
    quantity,
    unit_price: unitPrice.amount,
  }))

/** A timeline entry as a row. */
export const eventRow = (orderId: string, entry: TimelineEntry, traceId: string | undefined) => ({
  order_id: orderId,
  at: entry.at,
  action: entry.action,
  outcome: 'done' as const,
  from_status: entry.from,
  to_status: entry.to,
  actor_id: entry.actor.id,
  actor_name: entry.actor.name,
  actor_role: entry.actor.role,
  reason: entry.reason,
  trace_id: traceId ?? null,
})
