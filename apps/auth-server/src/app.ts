import { createServer } from 'node:http'
import { createDatabase, createOutbox, createRelay } from '@alicerce/database'
import type { DomainEvent } from '@alicerce/events'
import {
  type Backplane,
  type Clock,
  createAccess,
  createAdminServer,
  createCursors,
  createHttpApp,
  createTelemetry,
  type Log,
  type RunningApp,
} from '@alicerce/service-kit'
import type { JWK } from 'jose'
import { createAccounts, eventTopic } from './accounts/accounts.ts'
import { createPasswords } from './accounts/passwords.ts'
import { createThrottle } from './accounts/throttle.ts'
import { cleanUpRegularly, removeExpired } from './adapter/clean-up.ts'
import { addApi, isForApi, openApi } from './administration/api.ts'
import { createApiWhenAsked } from './administration/api-when-asked.ts'
import { createWhoAsks } from './administration/who-asks.ts'
import { createAuditLog } from './audit/audit-log.ts'
import { createLogoutNotices, logoutNoticeTopic } from './backchannel-logout/logout-notices.ts'
import { validateClient } from './clients/client-rules.ts'
import { createClients } from './clients/clients.ts'
import { configuredClients, validateConfiguredClients } from './clients/configured-clients.ts'
import type { AuthServerConfig } from './config.ts'
import { createConsents } from './consents/consents.ts'
import { createVerificationMails, verificationTopic } from './email-verification/verification-mails.ts'
import { createExternalAttempts } from './external-sign-in/attempts.ts'
import { readExternalProviders } from './external-sign-in/external-providers.ts'
import { pageManners } from './http/page-manners.ts'
import { createAddressPin } from './http/pin-address.ts'
import { endRequests, listen, urlOf } from './http/server.ts'
import { createPages } from './interaction/pages.ts'
import { createKeyCipher } from './keys/key-cipher.ts'
import { createSigningKeys } from './keys/signing-keys.ts'
import { createMail } from './mail/create-mail.ts'
import { createOneTimeLinks } from './one-time-links/one-time-links.ts'
import { createResetRequests, resetRequestTopic } from './password-reset/reset-requests.ts'
import { createProvider } from './provider/create-provider.ts'
import { createCurrentProvider } from './provider/current-provider.ts'
import { logProviderEvents } from './provider/events.ts'
import { publicPart } from './provider/issued-tokens.ts'
import { readinessOf } from './readiness.ts'
import { createRegistrations, registrationTopic } from './registration/registrations.ts'
import { createRevocations, revocationTopic } from './revocations/revocations.ts'
import { createRoles } from './roles/roles.ts'
import type { Tables } from './schema.ts'
import { createSecondFactors } from './second-factors/second-factors.ts'
import { createSessions } from './sessions/sessions.ts'

const name = 'auth-server'

/** What the server is built from. */
export type AuthServerOptions = {
  config: AuthServerConfig
  log: Log
  /** Stays the caller's to close. */
  backplane: Backplane
  /** Default `Date`. */
  clock?: Clock
}

/**
 * Builds the auth server and listens: the OpenID Provider with its pages, and the administration's API, on one port. What was opened is closed again where
 * the start fails.
 * @throws {SigningKeysSealedError} @throws {ClientsFileError}
 */
export async function createAuthServer({
  config,
  log,
  backplane,
  clock = Date,
}: AuthServerOptions): Promise<RunningApp> {
  for (const warning of config.warnings) log.warn({}, warning)
  await using opened = new AsyncDisposableStack() // closed in the reverse order
  const telemetry = createTelemetry({ name, collectorUrl: config.OTEL_EXPORTER_OTLP_ENDPOINT, log })
  opened.defer(() => telemetry.close())
  const url = config.DATABASE_URL
  const database = createDatabase<Tables>({ url, applicationName: name, log, onQuery: telemetry.onQuery })
  opened.defer(() => database.close())
  const outbox = createOutbox()
  const accounts = createAccounts({ database, outbox })
  const revocations = createRevocations({ database, outbox, feed: backplane.revocations, clock, log })
  const roles = createRoles({ database, clock })
  const consents = createConsents({ database, revocations })
  const configured = configuredClients(config)
  const clients = createClients({
    database,
    configured,
    validate: (metadata) => validateClient(provider.get(), metadata),
    clock,
  })
  const logoutNotices = createLogoutNotices({ outbox, clients, provider: () => provider.get(), log })
  const sessions = createSessions({ database, revocations, logoutNotices })
  const cipher = createKeyCipher(config.KEY_ENCRYPTION_KEY)
  const ages = {
    announced: config.SIGNING_KEY_ANNOUNCED_SECONDS,
    active: config.SIGNING_KEY_ACTIVE_SECONDS,
    retired: config.SIGNING_KEY_RETIRED_SECONDS,
  }
  const signingKeys = createSigningKeys({ database, cipher, ages, clock })
  const throttle = createThrottle({ database })
  const passwords = createPasswords()
  const secondFactors = createSecondFactors({ config, database, cipher, throttle, clock })
  const auditLog = createAuditLog({ database })
  const mail = createMail({ config, database, cipher, log })
  opened.defer(() => mail.close())
  const links = createOneTimeLinks({ database, clock })
  const resetRequests = createResetRequests({
    ...{ database, outbox, accounts, links, mail },
    issuer: config.ISSUER_URL,
  })
  const verificationMails = createVerificationMails({
    ...{ outbox, accounts, links, mail },
    issuer: config.ISSUER_URL,
  })
  const registrations = createRegistrations({
    ...{ database, outbox, accounts, mail, clock },
    ...{ keys: config.KEY_ENCRYPTION_KEY, issuer: config.ISSUER_URL },
  })
  const externalProviders = readExternalProviders(config.EXTERNAL_PROVIDERS_FILE, config.ISSUER_URL)
  const pageParts = {
    ...{ config, database, accounts, passwords, throttle, consents, externalProviders },
    ...{
      secondFactors,
      sessions,
      clients,
      auditLog,
      links,
      resetRequests,
      registrations,
      verificationMails,
      mail,
      clock,
    },
  }
  const attempts = createExternalAttempts({ database, cipher })
  const addPages = createPages({ ...pageParts, attempts, log })
  const make = (keys: JWK[]) => {
    const made = createProvider({
      ...{ config, database, accounts, clients, consents, roles, revocations, logoutNotices, clock, keys },
    })
    logProviderEvents(made, { log })
    made.use(pageManners({ telemetry, log, home: config.WEB_APP_URL }))
    addPages(made)
    return made
  }
  const provider = await createCurrentProvider({
    loadKeys: signingKeys.current,
    make,
    // Often enough that every process has a key long before it signs.
    refreshMilliseconds: Math.min(30_000, ages.announced * 250),
    log,
  })
  opened.defer(() => provider.close())
  validateConfiguredClients(provider.get(), configured)

  let stopping = false
  const admin = createAdminServer({
    readiness: readinessOf(database, signingKeys, provider.keys),
    registry: telemetry.registry,
    isStopping: () => stopping,
    log,
  })
  opened.defer(() => endRequests(admin))
  // The API is a resource server like any other, except that it need not fetch the keys: they are its own.
  const access = await createAccess({
    ...{ config, name, baseUrl: config.API_URL, backplane, clock, log, telemetry },
    ownKeys: () => provider.keys().map(publicPart),
  })
  opened.defer(() => access.close())
  const relay = createRelay({
    database,
    url,
    handlers: {
      [eventTopic]: ({ payload }) => backplane.events.publish(payload as DomainEvent),
      [revocationTopic]: revocations.deliver,
      [logoutNoticeTopic]: logoutNotices.deliver,
    },
    log,
  })
  opened.defer(() => relay.stop())
  // Of its own: a mail server that is slow must not hold a revocation up.
  const mailRelay = createRelay({
    database,
    url,
    handlers: {
      [resetRequestTopic]: resetRequests.deliver,
      [registrationTopic]: registrations.deliver,
      [verificationTopic]: verificationMails.deliver,
    },
    log,
  })
  opened.defer(() => mailRelay.stop())
  const makeApi = () =>
    createHttpApp({
      name,
      environment: config.APP_ENV,
      log,
      authenticate: access.authenticate,
      clock,
      openApi,
      telemetry,
      routes: (app) =>
        addApi(app, {
          database,
          accounts,
          passwords,
          sessions,
          resetRequests,
          revocations,
          recentSignInSeconds: config.RECENT_SIGN_IN_SECONDS,
          roles,
          clients,
          consents,
          signingKeys,
          keyAges: ages,
          auditLog,
          cursors: createCursors({ secret: url }),
          whoAsks: createWhoAsks(config),
          serverMetadata: async () => {
            const address = `${urlOf(server, config.HOST)}/.well-known/openid-configuration`
            // Never on a connection of before: after a moment in which this process stood still, both of its ends would find it closed.
            const response = await fetch(address, { headers: { connection: 'close' } })
            return (await response.json()) as Record<string, unknown>
          },
        }),
    })
  const api = createApiWhenAsked({ make: makeApi, log })
  opened.defer(() => api.close())
  const pinAddress = createAddressPin(config)
  const server = createServer((request, response) => {
    if (isForApi(request.url)) return api.handle(request, response)
    pinAddress(request)
    return provider.handle(request, response)
  })
  opened.defer(() => endRequests(server))

  await relay.start()
  await mailRelay.start()
  await revocations.announceAlive()
  await listen(admin, config.ADMIN_PORT, config.ADMIN_HOST)
  await listen(server, config.PORT, config.HOST)
  opened.defer(
    cleanUpRegularly(log, () =>
      Promise.all([removeExpired(database), revocations.removeExpired(), secondFactors.totp.sealAnew()]),
    ),
  )
  log.info({ url: config.ISSUER_URL }, `${name} listens`)

  const running = opened.move()
  return {
    name,
    url: urlOf(server, config.HOST),
    adminUrl: urlOf(admin, config.ADMIN_HOST),
    close() {
      stopping = true
      return running.disposeAsync()
    },
  }
}
