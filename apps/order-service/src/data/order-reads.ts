import type { Cache } from '@alicerce/cache-aside'
import type { Database, Transaction } from '@alicerce/database'
import { sql } from 'kysely'
import { euros } from '#src/domain/money.ts'
import {
  AccountSchema,
  OrderSchema,
  type OrderStatus,
  type OrderSummary,
  orderStatuses,
} from '#src/domain/order.ts'
import { foldText } from '#src/domain/text.ts'
import type { OrderQuery, OrderReads, OrderSort, Page } from '#src/ports/reads.ts'
import { containing, isAfter, type Ordering, orderingOf, pageEnd } from './keyset.ts'
import { readOrder } from './read-order.ts'
import type { Tables } from './schema.ts'

const minute = 60_000

/** The cached reads of orders. Names change apart from orders, so they are cached apart. */
export function defineOrderCaches(cache: Cache<Transaction<Tables>>, { query }: Database<Tables>) {
  return {
    orders: cache.define({
      name: 'order',
      schema: OrderSchema,
      key: (id: string) => id,
      ttl: 10 * minute,
      load: (id) => readOrder(query, id),
    }),
    accounts: cache.define({
      name: 'account',
      schema: AccountSchema,
      key: (id: string) => id,
      ttl: 10 * minute,
      load: (id) =>
        query.selectFrom('account').select(['id', 'name', 'email']).where('id', '=', id).executeTakeFirst(),
    }),
  }
}

/** The cached reads of orders. */
export type OrderCaches = ReturnType<typeof defineOrderCaches>

/** Orders on PostgreSQL; single orders and names through the cache. */
export function createOrderReads(parts: { database: Database<Tables>; caches: OrderCaches }): OrderReads {
  const { database, caches } = parts
  return {
    order: (id) => caches.orders.get(id),
    list: (query) => findOrders(database, query),
    async countByStatus() {
      const rows = await database.query
        .selectFrom('order')
        .select(({ fn }) => ['status', fn.countAll().as('count')])
        .groupBy('status')
        .execute()
      const counts = new Map(rows.map(({ status, count }) => [status, Number(count)]))
      return Object.fromEntries(orderStatuses.map((status) => [status, counts.get(status) ?? 0])) as Record<
        OrderStatus,
        number
      >
    },
    async accounts(ids) {
      const found = await caches.accounts.getMany([...new Set(ids)])
      return new Map([...found].flatMap(([id, account]) => (account ? [[id, account]] : [])))
    },
  }
}

const orderings: Record<OrderSort, Ordering> = {
  placedAt: { column: 'placed_at', type: 'timestamptz', descending: false },
  '-placedAt': { column: 'placed_at', type: 'timestamptz', descending: true },
  total: { column: 'total', type: 'integer', descending: false },
  '-total': { column: 'total', type: 'integer', descending: true },
}

async function findOrders(database: Database<Tables>, wanted: OrderQuery): Promise<Page<OrderSummary>> {
  const ordering = orderings[wanted.sort]
  const matching = matchingOrders(database, wanted)
  let page = matching.selectAll().select(sql<number | Date>`${sql.ref(ordering.column)}`.as('sorted'))
  if (wanted.after) page = page.where(isAfter(ordering, wanted.after))
  for (const expression of orderingOf(ordering)) page = page.orderBy(expression)
  const [rows, counted] = await Promise.all([
    page.limit(wanted.limit + 1).execute(),
    matching.select(({ fn }) => fn.countAll().as('count')).executeTakeFirstOrThrow(),
  ])
  const items = rows.slice(0, wanted.limit).map((row) => ({
    id: row.id,
    number: row.number,
    status: row.status,
    customerId: row.customer_id,
    placedAt: row.placed_at.toISOString(),
    total: euros(row.total),
    lineCount: row.line_count,
    version: row.version,
  }))
  return { items, next: pageEnd(rows, wanted.limit), total: Number(counted.count) }
}

function matchingOrders({ query }: Database<Tables>, { customerId, status, search, from, to }: OrderQuery) {
  const text = foldText(search ?? '')
  return query
    .selectFrom('order')
    .$if(customerId !== undefined, (orders) => orders.where('customer_id', '=', customerId as string))
    .$if((status?.length ?? 0) > 0, (orders) => orders.where('status', 'in', [...(status ?? [])]))
    .$if(from !== undefined, (orders) => orders.where('placed_at', '>=', new Date(from as string)))
    .$if(to !== undefined, (orders) => orders.where('placed_at', '<', new Date(to as string)))
    .$if(text !== '', (orders) =>
      orders.where(({ or, eb, selectFrom }) =>
        or([
          eb(sql`lower(number)`, 'like', containing(text)),
          eb(
            'customer_id',
            'in',
            selectFrom('account').select('account.id').where('search_text', 'like', containing(text)),
          ),
        ]),
      ),
    )
}
