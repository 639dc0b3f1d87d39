import { randomUUID } from 'node:crypto'
import { invalidationTopic } from '@alicerce/cache-aside'
import { createDatabase, createOutbox, createRelay } from '@alicerce/database'
import type { DomainEvent } from '@alicerce/events'
import {
  type Backplane,
  type Clock,
  createAccess,
  createCacheAdministration,
  createConsistency,
  createHttpService,
  createIdempotency,
  createPaging,
  createServiceCache,
  createTelemetry,
  currentTraceId,
  currentTraceparent,
  databaseReadiness,
  type Log,
  listeningOf,
  type RunningApp,
} from '@alicerce/service-kit'
import type { OrderServiceConfig } from './config.ts'
import { accountEventTypes, createAccountEventHandler } from './data/account-events.ts'
import { eventTopic } from './data/announcements.ts'
import { cacheNamespace, createCatalogue, defineCatalogueCaches } from './data/catalogue.ts'
import { ordersOf } from './data/order-lists.ts'
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
  const consistency = createConsistency({ secret: config.CURSOR_KEY })
  const cache = createServiceCache({
    ...{ namespace: cacheNamespace, store: backplane.cacheStore, database, outbox },
    ...{ consistency, telemetry, log, clock },
  })
  const caches = { ...defineCatalogueCaches(cache, database), ...defineOrderCaches(cache, database) }
  const recordsIn = createOrderRecords({
    invalidations: {
      product: (tx, id, version) => caches.products.invalidate(tx, id, { version }),
      order: (tx, id, version) => caches.orders.invalidate(tx, id, { version }),
      ordersOf: (tx, customerId, version) => cache.invalidateTag(tx, ordersOf(customerId), { version }),
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
  const cacheAdministration = createCacheAdministration({ cache, database, log, clock })
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
    consistency,
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
        consistency,
        paging: createPaging(config.CURSOR_KEY),
        cacheAdministration,
        clock,
        newId: randomUUID,
      }),
    async close() {
      await consumer.close()
      await cacheAdministration.close()
      await relay.stop()
      await cache.close()
      await access.close()
      await database.close()
    },
  })
}
