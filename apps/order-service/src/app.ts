import { randomUUID } from 'node:crypto'
import { createCache, invalidationTopic } from '@alicerce/cache-aside'
import { createDatabase, createOutbox, createRelay, type Database, type Outbox } from '@alicerce/database'
import type { DomainEvent } from '@alicerce/events'
import {
  type Backplane,
  type Clock,
  cacheOutbox,
  createAccess,
  createHttpService,
  createIdempotency,
  createPaging,
  createTelemetry,
  currentTraceId,
  currentTraceparent,
  databaseReadiness,
  type Log,
  listeningOf,
  type RunningApp,
  type Telemetry,
} from '@alicerce/service-kit'
import type { OrderServiceConfig } from './config.ts'
import { accountEventTypes, createAccountEventHandler } from './data/account-events.ts'
import { eventTopic } from './data/announcements.ts'
import { createCatalogue, defineCatalogueCaches } from './data/catalogue.ts'
import { createOrderReads, defineOrderCaches } from './data/order-reads.ts'
import { createOrderRecords } from './data/order-records.ts'
import type { Tables } from './data/schema.ts'
import { orderServiceMigrations } from './migrations/index.ts'
import { addRoutes, openApi } from './routes/add-routes.ts'

const name = 'order-service'

/** What the service is built from. */
export type OrderServiceOptions = {
  config: OrderServiceConfig
  log: Log
  /** Stays the caller's to close. */
  backplane: Backplane
  /** Default `Date`. */
  clock?: Clock
}

/** Builds the service and listens. Its relay and its consumer run beside its requests. */
export async function createOrderService(options: OrderServiceOptions): Promise<RunningApp> {
  const { config, log, backplane, clock = Date } = options
  for (const warning of config.warnings) log.warn({}, warning)
  const telemetry = createTelemetry({ name, collectorUrl: config.OTEL_EXPORTER_OTLP_ENDPOINT, log })
  const url = config.DATABASE_URL
  const database = createDatabase<Tables>({ url, applicationName: name, log, onQuery: telemetry.onQuery })
  const outbox = createOutbox()
  const { cache, caches } = createCaches({ database, outbox, backplane, telemetry, log, clock })
  const recordsIn = createOrderRecords({
    invalidations: {
      product: (tx, id) => caches.products.invalidate(tx, id),
      order: (tx, id) => caches.orders.invalidate(tx, id),
    },
    outbox,
    traceId: currentTraceId,
    traceparent: currentTraceparent,
  })
  const access = await createAccess({
    config,
    name,
    baseUrl: config.API_URL,
    backplane,
    log,
    clock,
    telemetry,
  })
  const relay = createRelay({
    database,
    url,
    handlers: {
      [eventTopic]: ({ payload }) => backplane.events.publish(payload as DomainEvent),
      [invalidationTopic]: cache.outboxHandler,
    },
    insistent: [invalidationTopic],
    log,
  })
  await relay.start()
  await cache.ready()
  const consumer = await backplane.events.subscribe({
    group: name,
    types: accountEventTypes,
    handle: createAccountEventHandler({
      database,
      invalidate: (tx, id) => caches.accounts.invalidate(tx, id),
    }),
  })
  return createHttpService({
    name,
    config: listeningOf(config),
    log,
    authenticate: access.authenticate,
    clock,
    openApi,
    telemetry,
    cache,
    readiness: {
      ...databaseReadiness(database, {
        migrations: orderServiceMigrations,
        migrate: 'node apps/order-service/src/migrate.ts',
      }),
      ...access.readiness,
    },
    routes: (app) =>
      addRoutes(app, {
        catalogue: createCatalogue({ database, caches }),
        orders: createOrderReads({ database, caches }),
        transactions: { run: (work) => database.transaction((tx) => work(recordsIn(tx))) },
        recordsIn,
        idempotency: createIdempotency({ database, clock }),
        paging: createPaging(config.CURSOR_KEY),
        clock,
        newId: randomUUID,
      }),
    async close() {
      await consumer.close()
      await relay.stop()
      await cache.close()
      await access.close()
      await database.close()
    },
  })
}

function createCaches(parts: {
  database: Database<Tables>
  outbox: Outbox
  backplane: Backplane
  telemetry: Telemetry
  log: Log
  clock: Clock
}) {
  const { database, outbox, backplane, telemetry, log, clock } = parts
  const cache = createCache({
    namespace: 'orders',
    store: backplane.cacheStore,
    outbox: cacheOutbox(database, outbox),
    onRead: telemetry.onCacheRead,
    onEvent: telemetry.onCacheEvent,
    clock,
    log,
  })
  return {
    cache,
    caches: { ...defineCatalogueCaches(cache, database), ...defineOrderCaches(cache, database) },
  }
}
