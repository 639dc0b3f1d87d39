import type { Kysely } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import type { Order } from '#src/domain/order.ts'
import { eventColumns, lineColumns, orderOf } from './rows.ts'
import type { Tables } from './schema.ts'

/** Reads an order whole, in one statement, so that its parts are of one moment. */
export async function readOrder(query: Kysely<Tables>, id: string): Promise<Order | undefined> {
  const row = await query
    .selectFrom('order')
    .selectAll()
    .select((order) => [
      jsonArrayFrom(
        order
          .selectFrom('order_line')
          .select(lineColumns)
          .whereRef('order_line.order_id', '=', 'order.id')
          .orderBy('position'),
      ).as('lines'),
      jsonArrayFrom(
        order
          .selectFrom('order_event')
          .select(eventColumns)
          .whereRef('order_event.order_id', '=', 'order.id')
          .where('outcome', '=', 'done')
          .orderBy('id'),
      ).as('events'),
    ])
    .where('order.id', '=', id)
    .executeTakeFirst()
  return row && orderOf(row, row.lines, row.events)
}
