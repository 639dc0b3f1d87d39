import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DomainEvent } from '@alicerce/events'
import { type Backplane, createBackplane, type RunningApp } from '@alicerce/service-kit'
import {
  type CapturedLog,
  capturedLog,
  createTestDatabase,
  freePort,
  type TestDatabase,
} from '@alicerce/testing'
import pg from 'pg'
import { createAuthServer } from '#src/app.ts'
import { type AuthServerConfig, readAuthServerConfig } from '#src/config.ts'
import { authServerMigrations } from '#src/migrations/index.ts'
import { seedAuthServer } from '#src/seed.ts'

export { audience, freePort, webApp } from '@alicerce/testing'

const api =
  'orders:read orders:write users:read users:write accounts:manage clients:manage keys:manage audit:read roles:manage'
const other = { scope: 'openid profile email', apiScopes: 'orders:read', response_types: ['code'] }

/** Further clients: one that is not ours and asks for consent, one with a secret, and a second one of ours. */
export const otherClients = [
  {
    ...other,
    client_id: 'foreign',
    client_name: 'Other shop',
    token_endpoint_auth_method: 'none',
    redirect_uris: ['https://other.example/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
  },
  {
    ...other,
    client_id: 'confidential',
    client_name: 'Back office',
    client_secret: 'a-secret-of-a-client-that-is-long-enough',
    redirect_uris: ['https://office.example/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
    firstParty: true,
  },
  {
    ...other,
    apiScopes: api,
    client_id: 'second',
    token_endpoint_auth_method: 'none',
    redirect_uris: ['https://second.example/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
    firstParty: true,
  },
]

export type Cluster = {
  issuer: string
  urls: string[]
  servers: RunningApp[]
  database: TestDatabase
  backplane: Backplane
  events: DomainEvent[]
  log: CapturedLog
  /** One more server over the same database, with other settings, which is its caller's to close. */
  startAnother(settings: Record<string, string>): Promise<RunningApp>
  /** Moves the server's own clock: grace, revocations. */
  advance(milliseconds: number): void
  sql<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
  close(): Promise<void>
}

/** Auth servers over one database, with the demo accounts. */
export async function startCluster({
  instances = 1,
  env = {},
}: {
  instances?: number
  env?: Record<string, string>
} = {}): Promise<Cluster> {
  const database = await createTestDatabase({ migrations: authServerMigrations })
  const log = capturedLog()
  const backplane = await createBackplane({ log })
  const events: DomainEvent[] = []
  await backplane.events.subscribe({
    group: 'test',
    types: ['account.registered', 'account.changed', 'account.deleted'],
    handle: async (event) => {
      events.push(event)
    },
  })
  let offset = 0
  const clock = { now: () => Date.now() + offset }
  const issuer = env.ISSUER_URL ?? `http://localhost:${await freePort()}`
  const config = (port: string, settings: Record<string, string> = {}) =>
    readAuthServerConfig({
      DATABASE_URL: database.url,
      ISSUER_URL: issuer,
      PORT: port,
      ADMIN_PORT: '0',
      DEMO_ACCOUNTS: 'true',
      CLIENTS_FILE: clientsFile(),
      ...env,
      ...settings,
    })
  const first = config(new URL(issuer).port)
  await seedAuthServer({ config: first, log })
  const configs = [first, ...Array.from({ length: instances - 1 }, () => config('0'))]
  const start = (each: AuthServerConfig) => createAuthServer({ config: each, log, backplane, clock })
  const servers = await Promise.all(configs.map(start))
  const pool = new pg.Pool({ connectionString: database.ownerUrl, max: 2 })
  return {
    issuer,
    urls: servers.map(({ url }) => url),
    servers,
    database,
    backplane,
    events,
    log,
    startAnother: (settings) => start(config('0', settings)),
    advance: (milliseconds) => {
      offset += milliseconds
    },
    sql: async (text, values) => (await pool.query(text, values)).rows,
    async close() {
      await Promise.all(servers.map((server) => server.close()))
      await backplane.close()
      await pool.end()
    },
  }
}

export function clientsFile(clients: object[] = otherClients): string {
  const path = join(mkdtempSync(join(tmpdir(), 'auth-server-')), 'clients.json')
  writeFileSync(path, JSON.stringify(clients))
  return path
}
