import { createDatabase } from '@alicerce/database'
import { type Backplane, createBackplane, type RunningApp } from '@alicerce/service-kit'
import {
  type ApiAnswer,
  type ApiCaller,
  type CapturedLog,
  capturedLog,
  createApiCaller,
  createTestDatabase,
  createTestIssuer,
  type TestIssuer,
  type TestPerson,
} from '@alicerce/testing'
import { sql } from 'kysely'
import {
  createOrderService,
  orderServiceMigrations,
  readOrderServiceConfig,
  seedOrderService,
} from '#src/index.ts'

/** The address of every test's parcel. */
export const shippingAddress = {
  name: 'Clara Costa',
  line1: 'Rua das Flores 28',
  postalCode: '1200-195',
  city: 'Lisboa',
  country: 'PT',
}

export { testPeople as people } from '@alicerce/testing'

const allScopes = 'orders:read orders:write'

/** A running order service, and how to talk to it. */
export type TestService = ApiCaller & {
  app: RunningApp
  backplane: Backplane
  log: CapturedLog
  close(): Promise<void>
}

/** What the copies of a service share. */
export type Shared = { databaseUrl: string; ownerUrl: string; issuer: TestIssuer; redisUrl?: string }

/** A database seeded long ago: what that made void is delivered. And an issuer. */
export async function createShared(redisUrl?: string): Promise<Shared> {
  const [database, issuer] = await Promise.all([
    createTestDatabase({ migrations: orderServiceMigrations }),
    createTestIssuer(),
  ])
  const log = capturedLog()
  await seedOrderService({ databaseUrl: database.url, log, demo: false })
  const owner = createDatabase({ url: database.ownerUrl, applicationName: 'test', log })
  await sql`truncate outbox`.execute(owner.query)
  await owner.close()
  return { databaseUrl: database.url, ownerUrl: database.ownerUrl, issuer, ...(redisUrl && { redisUrl }) }
}

/** Starts one copy of the service on free ports. */
export async function startOrderService(shared: Shared): Promise<TestService> {
  const log = capturedLog()
  const backplane = await createBackplane({ redisUrl: shared.redisUrl, log })
  const config = readOrderServiceConfig({
    APP_ENV: 'test',
    PORT: '0',
    ADMIN_PORT: '0',
    DATABASE_URL: shared.databaseUrl,
    ISSUER_URL: shared.issuer.issuer,
  })
  const app = await createOrderService({ config, log, backplane })
  return {
    app,
    backplane,
    log,
    ...createApiCaller({ url: app.url, issuer: shared.issuer, scope: allScopes }),
    async close() {
      await app.close()
      await backplane.close()
    },
  }
}

/** Products that are in stock, cheapest first. */
export async function productsInStock(
  service: TestService,
): Promise<{ id: string; stock: number; price: { amount: number } }[]> {
  const { body } = await service.call('GET', '/catalogue/products?sort=price&limit=100')
  return body.items.filter(({ stock }: { stock: number }) => stock >= 10)
}

/** Places an order and gives what was answered. */
export function place(
  service: TestService,
  as: TestPerson,
  lines: { productId: string; quantity: number }[],
  key: string = crypto.randomUUID(),
): Promise<ApiAnswer> {
  const body = { lines, shippingAddress }
  return service.call('POST', '/orders', { as, body, headers: { 'idempotency-key': key } })
}

/** Moves an order on, with the version that is current. */
export async function move(
  service: TestService,
  as: TestPerson,
  id: string,
  action: string,
  reason?: string,
): Promise<ApiAnswer> {
  const { headers } = await service.call('GET', `/orders/${id}`, { as: 'ana' })
  return service.call('POST', `/orders/${id}/transitions`, {
    as,
    body: { action, ...(reason && { reason }) },
    headers: { 'if-match': headers.get('etag') ?? '"none"' },
  })
}
