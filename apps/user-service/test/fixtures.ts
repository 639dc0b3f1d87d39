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
import { createUserService, readUserServiceConfig, userServiceMigrations } from '#src/index.ts'

export { testPeople as people } from '@alicerce/testing'

const allScopes = 'users:read users:write'

/** A running user service, and how to talk to it. */
export type TestService = ApiCaller & {
  app: RunningApp
  backplane: Backplane
  log: CapturedLog
  /** Tells of an account, as the auth server does; `type` where it is deleted. */
  tell(
    account: Partial<AccountState> & { id: string; version: number },
    type?: 'account.deleted',
  ): Promise<void>
  close(): Promise<void>
}

type AccountState = {
  id: string
  email: string
  name: string
  locale: string
  roles: string[]
  status: 'active' | 'disabled'
  createdAt: string
  version: number
}

/** What the copies of a service share. */
export type Shared = { databaseUrl: string; issuer: TestIssuer; redisUrl?: string }

/** An empty database and an issuer. */
export async function createShared(redisUrl?: string): Promise<Shared> {
  const [database, issuer] = await Promise.all([
    createTestDatabase({ migrations: userServiceMigrations }),
    createTestIssuer(),
  ])
  return { databaseUrl: database.url, issuer, ...(redisUrl && { redisUrl }) }
}

/** Starts one copy of the service on free ports. */
export async function startUserService(shared: Shared): Promise<TestService> {
  const log = capturedLog()
  const backplane = await createBackplane({ redisUrl: shared.redisUrl, log })
  const config = readUserServiceConfig({
    APP_ENV: 'test',
    PORT: '0',
    ADMIN_PORT: '0',
    DATABASE_URL: shared.databaseUrl,
    ISSUER_URL: shared.issuer.issuer,
  })
  const app = await createUserService({ config, log, backplane })
  return {
    app,
    backplane,
    log,
    ...createApiCaller({ url: app.url, issuer: shared.issuer, scope: allScopes }),
    tell: (account, type) =>
      backplane.events.publish({
        id: crypto.randomUUID(),
        type: type ?? (account.version === 1 ? 'account.registered' : 'account.changed'),
        subject: account.id,
        time: new Date().toISOString(),
        data: { ...usualAccount, ...account },
      }),
    async close() {
      await app.close()
      await backplane.close()
    },
  }
}

const usualAccount = {
  email: 'clara@example.com',
  name: 'Clara Costa',
  locale: 'pt-BR',
  roles: ['customer'],
  status: 'active',
  createdAt: '2026-03-04T05:06:07.000Z',
}

/** Changes the caller's own profile, with the version that is current. */
export async function update(service: TestService, as: TestPerson, body: unknown): Promise<ApiAnswer> {
  const { headers } = await service.call('GET', '/users/me', { as })
  return service.call('PUT', '/users/me', {
    as,
    body,
    headers: { 'if-match': headers.get('etag') ?? '"none"' },
  })
}
