import type { Database } from '@alicerce/database'
import type { ServiceCache } from '@alicerce/service-kit'
import { sql } from 'kysely'
import { type Static, Type } from 'typebox'
import { euros, MoneySchema } from '#src/domain/money.ts'
import { OrderStatusSchema, type OrderSummary } from '#src/domain/order.ts'
import { foldText } from '#src/domain/text.ts'
import type { OrderQuery, OrderSort, Page } from '#src/ports/reads.ts'
import { containing, isAfter, type Ordering, orderingOf, pageEnd } from './keyset.ts'
import type { Tables } from './schema.ts'

const minute = 60_000

/** The tag of all lists of one customer's orders. */
export const ordersOf = (customerId: string) => `orders-of:${customerId}`

/** What a cached list is of: a customer's orders, all or of some states, from one place on. */
type ListKey = Pick<OrderQuery, 'status' | 'sort' | 'limit' | 'after'> & { customerId: string }

const OrderListSchema = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.String(),
      number: Type.String(),
      status: OrderStatusSchema,
      customerId: Type.String(),
      placedAt: Type.String(),
      total: MoneySchema,
      lineCount: Type.Integer(),
      version: Type.Integer(),
    }),
  ),
  next: Type.Union([
    Type.Object({ value: Type.Union([Type.String(), Type.Number()]), id: Type.String() }),
    Type.Null(),
  ]),
  total: Type.Integer(),
  /** How often the customer's orders had changed, at least, when it was read. */
  version: Type.Integer(),
})

/** The cached lists of each customer's orders. */
export function defineOrderLists(cache: ServiceCache<Tables>, database: Database<Tables>) {
  return cache.define({
    name: 'order-list',
    schema: OrderListSchema,
    ttl: 10 * minute,
    tags: (key) => [ordersOf(queryOf(key).customerId)],
    versionOf: (key) => ordersOf(queryOf(key).customerId),
    version: ({ version }) => version,
    // Lists take longer than rows, and a list that comes late is better than none.
    loadTimeout: 5000,
    async load(key): Promise<Static<typeof OrderListSchema>> {
      const query = queryOf(key)
      // Before the list, which may then be newer than its version says, and never older.
      const version = await ordersVersion(database, query.customerId)
      const { next = null, ...page } = await findOrders(database, query)
      return { ...page, next, version }
    },
  })
}

/** The cached lists of each customer's orders. */
export type OrderLists = ReturnType<typeof defineOrderLists>

/** Lists of one customer's orders come from the cache; those of the staff, and what somebody searches for, are not asked for twice. */
export async function listOrders(
  parts: { database: Database<Tables>; lists: OrderLists },
  query: OrderQuery,
): Promise<Page<OrderSummary>> {
  const key = keyOf(query)
  if (key === undefined) return findOrders(parts.database, query)
  const { items, next, total } = (await parts.lists.get(key)) as Static<typeof OrderListSchema>
  return { items, next: next ?? undefined, total }
}

function keyOf({ customerId, status, search, from, to, sort, limit, after }: OrderQuery): string | undefined {
  if (customerId === undefined || search !== undefined || from !== undefined || to !== undefined) return
  return JSON.stringify([customerId, status?.toSorted() ?? null, sort, limit, after ?? null])
}

/** @throws SyntaxError for a key that nobody has made */
function queryOf(key: string): ListKey {
  const [customerId, status, sort, limit, after] = JSON.parse(key)
  return { customerId, ...(status && { status }), sort, limit, ...(after && { after }) }
}

async function ordersVersion({ query }: Database<Tables>, customerId: string): Promise<number> {
  const row = await query
    .selectFrom('account')
    .select('orders_version')
    .where('id', '=', customerId)
    .executeTakeFirst()
  return Number(row?.orders_version ?? 0)
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
