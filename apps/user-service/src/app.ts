import { createCache, invalidationTopic } from '@alicerce/cache-aside'
import {
  createDatabase,
  createOutbox,
  createRelay,
  type Database,
  pendingMigrations,
  type Transaction,
} from '@alicerce/database'
import {
  type Backplane,
  type Clock,
  createHttpService,
  createTelemetry,
  currentTraceId,
  type Log,
  type RunningApp,
} from '@alicerce/service-kit'
import { createAccess } from './access.ts'
import type { UserServiceConfig } from './config.ts'
import { accountEventTypes, createAccountEventHandler } from './data/account-events.ts'
import { createProfileRecords } from './data/profile-records.ts'
import { createProfiles, defineProfileCache } from './data/profiles.ts'
import type { Tables } from './data/schema.ts'
import { userServiceMigrations } from './migrations/index.ts'
import { addRoutes, openApi } from './routes/add-routes.ts'
import { createPaging } from './routes/paging.ts'

const name = 'user-service'

/** What the service is built from. */
export type UserServiceOptions = {
  config: UserServiceConfig
  log: Log
  /** Stays the caller's to close. */
  backplane: Backplane
  /** Default `Date`. */
  clock?: Clock
}

/** Builds the service and listens. Its relay and its consumer run beside its requests. */
export async function createUserService(options: UserServiceOptions): Promise<RunningApp> {
  const { config, log, backplane, clock = Date } = options
  for (const warning of config.warnings) log.warn({}, warning)
  const telemetry = createTelemetry({ name })
  const url = config.DATABASE_URL
  const database = createDatabase<Tables>({ url, applicationName: name, log, onQuery: telemetry.onQuery })
  const outbox = createOutbox()
  const cache = createCache({
    namespace: 'users',
    store: backplane.cacheStore,
    outbox: {
      append: (tx: Transaction<Tables>, rows) => outbox.append(tx, rows),
      afterCommit: (tx: Transaction<Tables>, action) => tx.afterCommit(action),
      markDelivered: (ids) => outbox.markDelivered(database, ids),
    },
    onRead: telemetry.onCacheRead,
    clock,
    log,
  })
  const profileCache = defineProfileCache(cache, database)
  const recordsIn = createProfileRecords({
    invalidate: (tx, id) => profileCache.invalidate(tx, id),
    traceId: currentTraceId,
  })
  const access = await createAccess({ config, revocationFeed: backplane.revocations, log, clock })
  const relay = createRelay({ database, url, handlers: { [invalidationTopic]: cache.outboxHandler }, log })
  await relay.start()
  const consumer = await backplane.events.subscribe({
    group: name,
    types: accountEventTypes,
    handle: createAccountEventHandler({ database, recordsIn, clock }),
  })
  return createHttpService({
    name,
    config: listenConfig(config),
    log,
    authenticate: access.authenticate,
    openApi,
    telemetry,
    readiness: readinessOf(database, access.isReady),
    routes: (app) =>
      addRoutes(app, {
        profiles: createProfiles({ database, cache: profileCache }),
        transactions: { run: (work) => database.transaction((tx) => work(recordsIn(tx))) },
        paging: createPaging(config.CURSOR_KEY),
        clock,
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

const listenConfig = (config: UserServiceConfig) => ({
  host: config.HOST,
  port: config.PORT,
  adminHost: config.ADMIN_HOST,
  adminPort: config.ADMIN_PORT,
  environment: config.APP_ENV,
})

/** Without Redis the service still answers, so Redis is no part of this. */
const readinessOf = (database: Database<Tables>, hasKeys: () => boolean) => ({
  database: () => database.ping(),
  async migrations() {
    const pending = await pendingMigrations(database, userServiceMigrations)
    if (pending.length > 0)
      throw new Error(`Pending: ${pending.join(', ')}. Run: node apps/user-service/src/migrate.ts`)
  },
  async 'issuer keys'() {
    if (!hasKeys()) throw new Error('The keys of the issuer could not be fetched yet')
  },
})
