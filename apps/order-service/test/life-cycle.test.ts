import { createDatabase, migrate } from '@alicerce/database'
import { createBackplane } from '@alicerce/service-kit'
import { capturedLog, createTestDatabase, createTestIssuer } from '@alicerce/testing'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { createOrderService, orderServiceMigrations, readOrderServiceConfig } from '#src/index.ts'
import { createShared, place, productsInStock, startOrderService } from './fixtures.ts'

test('SV-34 SV-36 the service is not ready while migrations are pending, and names them only as that', async () => {
  const [database, issuer, log] = [await createTestDatabase(), await createTestIssuer(), capturedLog()]
  const backplane = await createBackplane({ log })
  const config = readOrderServiceConfig({
    ...{ APP_ENV: 'test', PORT: '0', ADMIN_PORT: '0' },
    ...{ DATABASE_URL: database.url, ISSUER_URL: issuer.issuer },
  })
  const app = await createOrderService({ config, log, backplane })
  const ready = () => fetch(`${app.adminUrl}/health/ready`)
  const pending = await ready()
  expect(pending.status).toBe(503)
  expect(await pending.json()).toMatchObject({ failing: ['migrations'] })
  expect(log.text()).toContain('apps/order-service/src/migrate.ts')
  await migrate({ url: database.ownerUrl, migrations: orderServiceMigrations, log })
  expect((await ready()).status).toBe(200)
  await app.close()
  await backplane.close()
  await issuer.close()
})

test('SV-22 without the keys of the issuer the service is not ready and refuses tokens with 503', async () => {
  const shared = await createShared()
  shared.issuer.fail(true)
  const service = await startOrderService(shared)
  expect((await fetch(`${service.app.adminUrl}/health/ready`)).status).toBe(503)
  expect((await service.call('GET', '/orders', { as: 'clara' })).status).toBe(503)
  expect((await service.call('GET', '/catalogue/categories')).status).toBe(200)
  shared.issuer.fail(false)
  await expect
    .poll(async () => (await service.call('GET', '/orders', { as: 'clara' })).status, { timeout: 5000 })
    .toBe(200)
  await service.close()
  await shared.issuer.close()
})

test('SV-22 a revoked session is refused at once', async () => {
  const shared = await createShared()
  const service = await startOrderService(shared)
  const token = await service.token('clara', { sid: 'a-session' })
  expect((await service.call('GET', '/orders', { token })).status).toBe(200)
  const now = Math.floor(Date.now() / 1000)
  await service.backplane.revocations.publish({
    kind: 'session',
    value: 'a-session',
    issuedBefore: now,
    expiresAt: now + 300,
  })
  await expect.poll(async () => (await service.call('GET', '/orders', { token })).status).toBe(401)
  await service.close()
  await shared.issuer.close()
})

test('PR-02 SV-26 when an order cannot be kept, nothing is: no order, no event, no goods taken; the key works afterwards', async () => {
  const shared = await createShared()
  const service = await startOrderService(shared)
  const [product] = await productsInStock(service)
  const lines = [{ productId: product?.id ?? '', quantity: 1 }]
  const owner = createDatabase<Record<string, never>>({
    url: shared.ownerUrl,
    applicationName: 'test',
    log: capturedLog(),
  })
  for (const table of ['order_line', 'order_event', 'outbox', 'idempotency_keys']) {
    await sql`create or replace function fail() returns trigger language plpgsql as $$ begin raise 'injected'; end $$`.execute(
      owner.query,
    )
    await sql`create trigger injected before insert on ${sql.table(table)} for each statement execute function fail()`.execute(
      owner.query,
    )
    const key = crypto.randomUUID()
    const failed = await place(service, 'clara', lines, key)
    expect(failed.status).toBe(500)
    expect(JSON.stringify(failed.body)).not.toContain('injected')
    const { rows } = await sql`select from "order" union all select from outbox`.execute(owner.query)
    expect(rows).toEqual([])
    await sql`drop trigger injected on ${sql.table(table)}`.execute(owner.query)
    const { body } = await service.call('GET', `/catalogue/products/${product?.id}`)
    expect(body.stock).toBe(product?.stock)
    const again = await place(service, 'clara', lines, key)
    expect(again.status).toBe(201)
    await sql`delete from idempotency_keys`.execute(owner.query)
    await sql`truncate order_line, order_event, outbox, "order"`.execute(owner.query)
    await sql`update product set stock = ${product?.stock ?? 0} where id = ${product?.id ?? ''}`.execute(
      owner.query,
    )
  }
  await owner.close()
  await service.close()
  await shared.issuer.close()
})
