import { invalidationTopic } from '@alicerce/cache-aside'
import { createDatabase, createOutbox, createRelay } from '@alicerce/database'
import {
  type Backplane,
  type Clock,
  createAccess,
  createCacheAdministration,
  createConsistency,
  createHttpService,
  createPaging,
  createServiceCache,
  createTelemetry,
  currentTraceId,
  databaseReadiness,
  type Log,
  listeningOf,
  type RunningApp,
} from '@alicerce/service-kit'
import type { UserServiceConfig } from './config.ts'
import { accountEventTypes, createAccountEventHandler } from './data/account-events.ts'
import { createProfileRecords } from './data/profile-records.ts'
import { createProfiles, defineProfileCache } from './data/profiles.ts'
import type { Tables } from './data/schema.ts'
import { userServiceMigrations } from './migrations/index.ts'
import { addRoutes, openApi } from './routes/add-routes.ts'

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
  const telemetry = createTelemetry({ name, collectorUrl: config.OTEL_EXPORTER_OTLP_ENDPOINT, log })
  const url = config.DATABASE_URL
  const database = createDatabase<Tables>({ url, applicationName: name, log, onQuery: telemetry.onQuery })
  const outbox = createOutbox()
  const consistency = createConsistency({ secret: config.CURSOR_KEY })
  const cache = createServiceCache({
    ...{ namespace: 'users', store: backplane.cacheStore, database, outbox },
    ...{ consistency, telemetry, log, clock },
  })
  const profileCache = defineProfileCache(cache, database)
  const recordsIn = createProfileRecords({
    invalidate: (tx, id, version) => profileCache.invalidate(tx, id, { version }),
    traceId: currentTraceId,
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
    handlers: { [invalidationTopic]: cache.outboxHandler },
    insistent: [invalidationTopic],
    log,
  })
  await relay.start()
  await cache.ready()
  const cacheAdministration = createCacheAdministration({ cache, database, log, clock })
  const consumer = await backplane.events.subscribe({
    group: name,
    types: accountEventTypes,
    handle: createAccountEventHandler({ database, recordsIn, clock }),
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
        migrations: userServiceMigrations,
        migrate: 'node apps/user-service/src/migrate.ts',
      }),
      ...access.readiness,
    },
    routes: (app) =>
      addRoutes(app, {
        profiles: createProfiles({ database, cache: profileCache }),
        transactions: { run: (work) => database.transaction((tx) => work(recordsIn(tx))) },
        paging: createPaging(config.CURSOR_KEY),
        cacheAdministration,
        clock,
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
