import { type Backplane, createBackplane, type RunningApp } from '@alicerce/service-kit'
import {
  type CapturedLog,
  capturedLog,
  createTestDatabase,
  createTestIssuer,
  type TestIssuer,
} from '@alicerce/testing'
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

const allScopes = 'orders:read orders:write'
/** The people of the tests. */
export const people = {
  clara: { sub: '10000000-0000-7000-8000-000000000001', roles: ['customer'] },
  eva: { sub: '10000000-0000-7000-8000-000000000002', roles: ['customer'] },
  simao: { sub: '10000000-0000-7000-8000-000000000003', roles: ['customer', 'support'] },
  ana: { sub: '10000000-0000-7000-8000-000000000004', roles: ['customer', 'administrator'] },
}
export type Person = keyof typeof people

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the service answers
type Body = any
/** What a request was answered. */
export type Answer = { status: number; headers: Headers; body: Body }
type Options = {
  as?: Person
  token?: string
  body?: unknown
  headers?: Record<string, string>
  scope?: string
}

/** A running order service, and how to talk to it. */
export type TestService = {
  app: RunningApp
  backplane: Backplane
  log: CapturedLog
  call(method: string, path: string, options?: Options): Promise<Answer>
  token(as: Person, claims?: Record<string, unknown>): Promise<string>
  close(): Promise<void>
}

/** What the copies of a service share. */
export type Shared = { databaseUrl: string; ownerUrl: string; issuer: TestIssuer; redisUrl?: string }

/** A seeded database and an issuer. */
export async function createShared(redisUrl?: string): Promise<Shared> {
  const [database, issuer] = await Promise.all([
    createTestDatabase({ migrations: orderServiceMigrations }),
    createTestIssuer(),
  ])
  await seedOrderService({ databaseUrl: database.url, log: capturedLog(), demo: false })
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
    call: (method, path, options = {}) => call(app.url, shared.issuer, method, path, options),
    token: (as, claims) => shared.issuer.sign({ ...people[as], scope: allScopes, ...claims }),
    async close() {
      await app.close()
      await backplane.close()
    },
  }
}

async function call(
  url: string,
  issuer: TestIssuer,
  method: string,
  path: string,
  options: Options,
): Promise<Answer> {
  const { as, body, headers, scope = allScopes } = options
  const token = options.token ?? (as && (await issuer.sign({ ...people[as], scope })))
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json')
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && text ? JSON.parse(text) : text,
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
  as: Person,
  lines: { productId: string; quantity: number }[],
  key: string = crypto.randomUUID(),
): Promise<Answer> {
  const body = { lines, shippingAddress }
  return service.call('POST', '/orders', { as, body, headers: { 'idempotency-key': key } })
}

/** Moves an order on, with the version that is current. */
export async function move(
  service: TestService,
  as: Person,
  id: string,
  action: string,
  reason?: string,
): Promise<Answer> {
  const { headers } = await service.call('GET', `/orders/${id}`, { as: 'ana' })
  return service.call('POST', `/orders/${id}/transitions`, {
    as,
    body: { action, ...(reason && { reason }) },
    headers: { 'if-match': headers.get('etag') ?? '"none"' },
  })
}
