import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type AppProcess,
  createProcesses,
  createTestDatabase,
  freePort,
  startTestServers,
  testRedisUrl,
} from '@alicerce/testing'
import pg from 'pg'
import { asInProduction } from '#src/measure/as-in-production.ts'
import { metadata } from './client.ts'

/** The auth server as one process, on durable PostgreSQL and Redis. */
export type Platform = {
  auth: AppProcess
  issuer: string
  /** Its database, as the owner. */
  databaseUrl: string
  /** What its first start took, which makes the keys. */
  firstStartMilliseconds: number
  /** One more process of the auth server, on the same database. */
  startAnother(): Promise<AppProcess>
  /** `count` gateways in front of one service of orders. */
  startGateways(count: number): Promise<AppProcess[]>
  stop(): Promise<void>
}

/** People who can sign in: `person-1@bench.test` and so on, with the password of the demo accounts. */
export const people = 64

/** Starts it, and keeps what the processes print in a file of its own. */
export async function startPlatform(): Promise<Platform> {
  await using opened = new AsyncDisposableStack()
  let processesOf = opened
  opened.defer(await startTestServers({ durable: true }))
  const folder = await mkdtemp(join(tmpdir(), 'alicerce-bench-'))
  const processes = createProcesses(join(folder, 'output.log'))
  const start = async (...args: Parameters<typeof processes.start>) => {
    const started = await processes.start(...args)
    processesOf.defer(started.stop)
    return started
  }
  const database = async (app: string) => {
    const { url, ownerUrl } = await createTestDatabase()
    await processes.migrate(app, ownerUrl)
    return { url, ownerUrl }
  }

  const clientsFile = join(folder, 'clients.json')
  const ours = { firstParty: true, scope: 'openid offline_access', apiScopes: 'orders:read' }
  await writeFile(clientsFile, JSON.stringify([{ ...metadata, ...ours }]))
  const auth = await database('auth-server')
  const port = await freePort()
  const issuer = `http://localhost:${port}`
  const common = { ...asInProduction, APP_ENV: 'test', REDIS_URL: testRedisUrl(), ISSUER_URL: issuer }
  const settings = {
    ...common,
    ...{ DATABASE_URL: auth.url, CLIENTS_FILE: clientsFile, DEMO_ACCOUNTS: 'true', TRUST_PROXY: 'true' },
  }
  const first = await processes.start('auth-server', settings)
  await first.stop()
  await makePeople(auth.ownerUrl)
  const server = await start('auth-server', settings, port)

  async function startGateways(count: number): Promise<AppProcess[]> {
    const { url } = await database('order-service')
    const orders = await start('order-service', { ...common, DATABASE_URL: url })
    await mkdir(join(folder, 'web'))
    await writeFile(join(folder, 'web', 'index.html'), '<!doctype html><title>Alicerce</title>')
    const address = { ReverseProxy__Clusters__orders__Destinations__1__Address: orders.url }
    const gateway = () => start('api-gateway', { ...common, ...address, WEB_ROOT: join(folder, 'web') })
    return Promise.all(Array.from({ length: count }, gateway))
  }

  const running = opened.move()
  processesOf = running
  return {
    auth: server,
    issuer,
    databaseUrl: auth.ownerUrl,
    firstStartMilliseconds: first.startMilliseconds,
    startAnother: () => processes.start('auth-server', settings),
    startGateways,
    stop: () => running.disposeAsync(),
  }
}

async function makePeople(ownerUrl: string): Promise<void> {
  const database = new pg.Client({ connectionString: ownerUrl })
  await database.connect()
  await database.query(
    `insert into account (email, name, locale, password_hash, roles, status)
     select 'person-' || number || '@bench.test', 'Person', locale, password_hash, roles, status
     from account, generate_series(1, $1) as number where email = 'customer@alicerce.test'`,
    [people],
  )
  await database.end()
}
