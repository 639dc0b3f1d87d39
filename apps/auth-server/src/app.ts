import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  createAuthenticator,
  createKeySet,
  createRevocationList,
  createTokenValidator,
} from '@alicerce/access-tokens'
import { createDatabase, createOutbox, createRelay, pendingMigrations } from '@alicerce/database'
import type { DomainEvent } from '@alicerce/events'
import {
  type Backplane,
  type Clock,
  createAdminServer,
  createHttpApp,
  createTelemetry,
  type Log,
  type RunningApp,
} from '@alicerce/service-kit'
import type { JWK } from 'jose'
import { createAccounts, eventTopic } from './accounts/accounts.ts'
import { createPasswords } from './accounts/passwords.ts'
import { createThrottle } from './accounts/throttle.ts'
import { removeExpired } from './adapter/clean-up.ts'
import { addAdministrationRoutes, openApi } from './administration/routes.ts'
import type { AuthServerConfig } from './config.ts'
import { interactionPages } from './interaction/interactions.ts'
import { loadSigningKeys } from './keys/signing-keys.ts'
import { authServerMigrations } from './migrations/index.ts'
import { serveAssets } from './pages/assets.ts'
import { securityHeaders } from './pages/security-headers.ts'
import { configuredClients } from './provider/clients.ts'
import { createProvider } from './provider/create-provider.ts'
import { logProviderEvents } from './provider/events.ts'
import { createRevocations, revocationTopic } from './revocations/revocations.ts'
import type { Tables } from './schema.ts'

const name = 'auth-server'
const cleanUpMilliseconds = 60_000

/** What the server is built from. */
export type AuthServerOptions = {
  config: AuthServerConfig
  log: Log
  /** Stays the caller's to close. */
  backplane: Backplane
  /** Default `Date`. */
  clock?: Clock
}

/** Builds the auth server and listens: the OpenID Provider with its pages, and the account API, on one port. */
export async function createAuthServer({
  config,
  log,
  backplane,
  clock = Date,
}: AuthServerOptions): Promise<RunningApp> {
  for (const warning of config.warnings) log.warn({}, warning)
  const telemetry = createTelemetry({ name })
  const url = config.DATABASE_URL
  const database = createDatabase<Tables>({ url, applicationName: name, log, onQuery: telemetry.onQuery })
  const outbox = createOutbox()
  const accounts = createAccounts({ database, outbox })
  const revocations = createRevocations({ database, outbox, feed: backplane.revocations, clock, log })
  const keys = await loadSigningKeys(database, config.KEY_ENCRYPTION_KEY)
  const provider = createProvider({ config, database, accounts, revocations, keys })
  logProviderEvents(provider, { database, log })

  const interaction = {
    config,
    database,
    accounts,
    passwords: createPasswords(),
    throttle: createThrottle({ database }),
    log,
  }
  const origins = configuredClients(config).flatMap(({ redirect_uris = [] }) =>
    redirect_uris.map((uri) => new URL(uri).origin),
  )
  provider.use(securityHeaders([...new Set(origins)], config.ISSUER_URL.startsWith('https:')))
  provider.use(serveAssets)
  provider.use(interactionPages(() => provider, interaction))

  const access = createAccess({ config, backplane, clock, log, keys })
  const accountApi = await createHttpApp({
    name,
    environment: config.APP_ENV,
    log,
    authenticate: access.authenticate,
    openApi,
    telemetry,
    routes: (app) => addAdministrationRoutes(app, { database, accounts, revocations }),
  })
  const pages = provider.callback()
  const server = createServer((request, response) =>
    isAccountApi(request) ? accountApi.routing(request, response) : pages(request, response),
  )

  const relay = createRelay({
    database,
    url,
    handlers: {
      [eventTopic]: ({ payload }) => backplane.events.publish(payload as DomainEvent),
      [revocationTopic]: revocations.deliver,
    },
    log,
  })
  let stopping = false
  const admin = createAdminServer({
    readiness: {
      database: () => database.ping(),
      migrations: async () => {
        if ((await pendingMigrations(database, authServerMigrations)).length > 0)
          throw new Error('Migrations are pending')
      },
    },
    registry: telemetry.registry,
    isStopping: () => stopping,
    log,
  })
  await Promise.all([relay.start(), access.start()])
  await revocations.announceAlive()
  await listen(admin, config.ADMIN_PORT, config.ADMIN_HOST)
  await listen(server, config.PORT, config.HOST)
  const cleanUp = setInterval(() => {
    Promise.all([removeExpired(database), revocations.removeExpired()]).catch((error) =>
      log.warn({ error }, 'Expired rows could not be removed'),
    )
  }, cleanUpMilliseconds).unref()
  log.info({ url: config.ISSUER_URL }, `${name} listens`)

  return {
    name,
    url: urlOf(server, config.HOST),
    adminUrl: urlOf(admin, config.ADMIN_HOST),
    async close() {
      stopping = true
      clearInterval(cleanUp)
      await endRequests(server)
      await accountApi.close()
      await relay.stop()
      await access.close()
      await database.close()
      await endRequests(admin)
    },
  }
}

const isAccountApi = ({ url = '' }: IncomingMessage) => /^\/(?:accounts(?:[/?]|$)|openapi\.json$)/.test(url)

/** The account API is a resource server like any other, except that it need not fetch the keys: they are its own. */
function createAccess({
  config,
  backplane,
  clock,
  log,
  keys,
}: Required<AuthServerOptions> & { keys: JWK[] }) {
  const published = { keys: keys.map(publicPart) }
  const keySet = createKeySet({
    url: `${config.ISSUER_URL}/jwks`,
    fetch: async () => Response.json(published),
    clock,
    log,
  })
  const validator = createTokenValidator({
    issuer: config.ISSUER_URL,
    audience: config.API_AUDIENCE,
    keySet,
    clock,
  })
  const list = createRevocationList({ feed: backplane.revocations, clock })
  const authenticator = createAuthenticator({ validator, revocations: list })
  return {
    authenticate: (authorization: Parameters<typeof authenticator.authenticate>[0]) =>
      authenticator.authenticate(authorization),
    async start() {
      await Promise.all([keySet.start(), list.start()])
    },
    async close() {
      keySet.close()
      await list.close()
    },
  }
}

const publicPart = ({ d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...published }: JWK): JWK => published

function listen(server: Server, port: number, host: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(port, host, resolve)
  return promise
}

/** Requests under way may end; ten seconds at most. */
function endRequests(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const deadline = setTimeout(() => server.closeAllConnections(), 10_000)
  server.close(() => {
    clearTimeout(deadline)
    resolve()
  })
  server.closeIdleConnections()
  return promise
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo
  return `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`
}
