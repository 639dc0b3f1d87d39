import { tagInvalidation } from '@alicerce/cache-aside'
import {
  createDatabase,
  createOutbox,
  type Database,
  type Log,
  pendingMigrations,
  type Transaction,
} from '@alicerce/database'
import { sql } from 'kysely'
import { demoOrders } from './catalogue/demo-orders.ts'
import { demoAgent, demoCustomer, inventedCustomers } from './catalogue/demo-people.ts'
import { type SeededProduct, seededCategories, seededProducts } from './catalogue/products.ts'
import { cacheNamespace, catalogueTag } from './data/catalogue.ts'
import { eventRow, lineRows, orderRow } from './data/order-records.ts'
import type { Tables } from './data/schema.ts'
import { orderNumber } from './domain/order.ts'
import { foldText } from './domain/text.ts'
import { orderServiceMigrations } from './migrations/index.ts'

/**
 * Puts the catalogue in, and with `demo` the sample orders as well, unless there are orders already. What is there is left as it is,
 * so it may run at each start, and in several processes at once.
 * @throws {SeedError} `migrations-pending`
 */
export async function seedOrderService(options: {
  databaseUrl: string
  log: Log
  demo: boolean
}): Promise<void> {
  const { databaseUrl, log, demo } = options
  const database = createDatabase<Tables>({
    url: databaseUrl,
    applicationName: 'order-service-seed',
    log,
    poolSize: 1,
  })
  try {
    await requireMigrations(database)
    await database.transaction(async (tx) => {
      await sql`select pg_advisory_xact_lock(hashtext('seed'))`.execute(tx.query)
      const added = await seedCatalogue(tx)
      if (added > 0) {
        // Services that run already have lists without these products.
        await createOutbox().append(tx, [tagInvalidation(cacheNamespace, catalogueTag)])
        log.info({ products: added }, 'The catalogue was seeded')
      }
      if (demo && (await seedDemoOrders(tx))) log.info({}, 'Sample orders were seeded')
    })
  } finally {
    await database.close()
  }
}

/** Why nothing could be put in. */
class SeedError extends Error {
  override readonly name = 'SeedError'
  readonly code = 'migrations-pending'
}

async function requireMigrations(database: Database<Tables>): Promise<void> {
  const pending = await pendingMigrations(database, orderServiceMigrations)
  if (pending.length === 0) return
  throw new SeedError(
    `The database lacks ${pending.length} migration(s). Run: node apps/order-service/src/migrate.ts`,
  )
}

async function seedCatalogue(tx: Transaction<Tables>): Promise<number> {
  await tx.query
    .insertInto('category')
    .values(
      seededCategories.map(({ id, name }, position) => ({
        id,
        position,
        name_en: name.en,
        name_pt: name['pt-BR'],
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const { numInsertedOrUpdatedRows } = await tx.query
    .insertInto('product')
    .values(seededProducts.map(productRow))
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return Number(numInsertedOrUpdatedRows ?? 0)
}

function productRow(product: SeededProduct) {
  const { name, description, details } = product
  const category = seededCategories.find(({ id }) => id === product.category)
  const facts = details.flatMap(({ value }) => [value.en, value['pt-BR']])
  const words = [name.en, name['pt-BR'], category?.name.en, category?.name['pt-BR'], ...facts]
  return {
    id: product.id,
    slug: product.slug,
    category_id: product.category,
    name_en: name.en,
    name_pt: name['pt-BR'],
    description_en: description.en,
    description_pt: description['pt-BR'],
    details: JSON.stringify(details),
    motif: product.motif,
    palette: product.palette,
    price: product.price.amount,
    stock: product.stock,
    sort_en: foldText(name.en),
    sort_pt: foldText(name['pt-BR']),
    search_text: foldText(words.join(' ')),
    created_at: product.addedAt,
  }
}

async function seedDemoOrders(tx: Transaction<Tables>): Promise<boolean> {
  const anyOrder = await tx.query.selectFrom('order').select('id').limit(1).executeTakeFirst()
  if (anyOrder) return false
  const people = [demoCustomer, demoAgent, ...inventedCustomers]
  await tx.query
    .insertInto('account')
    .values(
      people.map(({ id, name, email }) => ({
        id,
        name,
        email,
        version: 0,
        search_text: foldText(`${name} ${email}`),
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  for (const order of demoOrders(Date.now())) {
    const { rows } = await sql<{ number: string }>`select nextval('order_number') as number`.execute(tx.query)
    const numbered = { ...order, number: orderNumber(Number(rows[0]?.number)) }
    await tx.query.insertInto('order').values(orderRow(numbered)).execute()
    await tx.query.insertInto('order_line').values(lineRows(numbered)).execute()
    const events = numbered.timeline.map((entry) => eventRow(order.id, entry, undefined))
    await tx.query.insertInto('order_event').values(events).execute()
  }
  return true
}
