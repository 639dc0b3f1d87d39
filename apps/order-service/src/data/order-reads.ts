import type { Database } from '@alicerce/database'
import type { ServiceCache } from '@alicerce/service-kit'
import { AccountSchema, OrderSchema, type OrderStatus, orderStatuses } from '#src/domain/order.ts'
import type { OrderReads } from '#src/ports/reads.ts'
import { defineOrderLists, listOrders } from './order-lists.ts'
import { readOrder } from './read-order.ts'
import type { Tables } from './schema.ts'

const minute = 60_000

/** The cached reads of orders. Names change apart from orders, so they are cached apart. */
export function defineOrderCaches(cache: ServiceCache<Tables>, database: Database<Tables>) {
  const { query } = database
  return {
    orders: cache.define({
      name: 'order',
      schema: OrderSchema,
      ttl: 10 * minute,
      version: ({ version }) => version,
      load: (id) => readOrder(query, id),
    }),
    orderLists: defineOrderLists(cache, database),
    accounts: cache.define({
      name: 'account',
      schema: AccountSchema,
      ttl: 10 * minute,
      load: async (id) => (await readAccounts(database, [id])).get(id),
      loadMany: (ids) => readAccounts(database, ids),
    }),
  }
}

/** The cached reads of orders. */
export type OrderCaches = ReturnType<typeof defineOrderCaches>

/** Orders on PostgreSQL; single orders, the lists of a customer, and names through the cache. */
export function createOrderReads(parts: { database: Database<Tables>; caches: OrderCaches }): OrderReads {
  const { database, caches } = parts
  return {
    order: (id) => caches.orders.get(id),
    list: (query) => listOrders({ database, lists: caches.orderLists }, query),
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

async function readAccounts({ query }: Database<Tables>, ids: readonly string[]) {
  const rows = await query
    .selectFrom('account')
    .select(['id', 'name', 'email'])
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}
