import { type Backplane, createBackplane, type RunningApp } from '@alicerce/service-kit'
import {
  type CapturedLog,
  capturedLog,
  createTestDatabase,
  createTestIssuer,
  type TestIssuer,
} from '@alicerce/testing'
import { createUserService, readUserServiceConfig, userServiceMigrations } from '#src/index.ts'

const allScopes = 'users:read users:write'
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

/** A running user service, and how to talk to it. */
export type TestService = {
  app: RunningApp
  backplane: Backplane
  log: CapturedLog
  call(method: string, path: string, options?: Options): Promise<Answer>
  token(as: Person, claims?: Record<string, unknown>): Promise<string>
  /** Tells of an account, as the auth server does. */
  tell(account: Partial<AccountState> & { id: string; version: number }): Promise<void>
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
    call: (method, path, options = {}) => call(app.url, shared.issuer, method, path, options),
    token: (as, claims) => shared.issuer.sign({ ...people[as], scope: allScopes, ...claims }),
    tell: (account) =>
      backplane.events.publish({
        id: crypto.randomUUID(),
        type: account.version === 1 ? 'account.registered' : 'account.changed',
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

/** Changes the caller's own profile, with the version that is current. */
export async function update(service: TestService, as: Person, body: unknown): Promise<Answer> {
  const { headers } = await service.call('GET', '/users/me', { as })
  return service.call('PUT', '/users/me', {
    as,
    body,
    headers: { 'if-match': headers.get('etag') ?? '"none"' },
  })
}
