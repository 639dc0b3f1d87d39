import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createProcesses, createTestDatabase, freePort, testRedisUrl } from '@alicerce/testing'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { registeredClients } from './clients.ts'

/** Where the platform under test listens. */
export type Platform = {
  issuer: string
  /** Two processes on one database. */
  urls: string[]
  gateway: string
  /** The services, as nobody outside reaches them. */
  orders: string
  users: string
  /** As the owner: what is at rest. */
  authDatabaseUrl: string
  /** Where the client that is told of sign-outs listens, when a test makes it. */
  logoutPort: number
  /** Where the software of others listens that signs people in at the platform (test/interoperation), when a test starts it. */
  apachePort: number
  pagePort: number
  /** The private key of the client `partner`. */
  partnerKey: JWK
  /** All that every process has printed. */
  outputFile: string
  /** The secret of the confidential clients. */
  secret: string
}

const variable = 'ALICERCE_CONFORMANCE'

/** The platform that this run was started for. */
export function currentPlatform(): Platform {
  const text = process.env[variable]
  if (!text) throw new Error('No platform was started: run these tests by npm run conformance')
  return JSON.parse(text)
}

/** Starts every app as a process: two auth servers, a gateway, both services, on real PostgreSQL and Redis. */
export async function startPlatform(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'alicerce-conformance-'))
  const outputFile = join(folder, 'output.log')
  const processes = createProcesses(outputFile)
  const stops: (() => Promise<unknown>)[] = []
  const start = async (...[app, env, port]: Parameters<typeof processes.start>) => {
    const started = await processes.start(app, env, port)
    stops.push(started.stop)
    return started
  }
  const database = async (app: string) => {
    const { url, ownerUrl } = await createTestDatabase()
    await processes.migrate(app, ownerUrl)
    return { url, ownerUrl }
  }

  const [logoutPort, apachePort, pagePort] = [await freePort(), await freePort(), await freePort()]
  const partnerKeys = await createPartnerKeys()
  const secret = crypto.randomUUID() + crypto.randomUUID()
  const clientsFile = join(folder, 'clients.json')
  const webRoot = join(folder, 'web')
  await mkdir(webRoot)
  await writeFile(join(webRoot, 'index.html'), '<!doctype html><title>Alicerce</title><div id="root"></div>')
  await writeFile(
    clientsFile,
    JSON.stringify(
      registeredClients({ ...{ secret, logoutPort, apachePort, pagePort }, partnerKey: partnerKeys.public }),
    ),
  )

  const [auth, users, orders] = await Promise.all(
    ['auth-server', 'user-service', 'order-service'].map(database),
  )
  const [issuerPort, gatewayPort] = [await freePort(), await freePort()]
  const issuer = `http://localhost:${issuerPort}`
  const common = {
    ...{ APP_ENV: 'test', LOG_LEVEL: 'info', REDIS_URL: testRedisUrl(), ISSUER_URL: issuer },
    API_URL: `http://127.0.0.1:${gatewayPort}/api`,
  }
  const authServer = {
    ...common,
    DATABASE_URL: auth?.url as string,
    CLIENTS_FILE: clientsFile,
    DEMO_ACCOUNTS: 'true',
    TRUST_PROXY: 'true',
    COOKIE_KEYS: crypto.randomUUID(),
    PRIVATE_CLIENT_HOSTS: '127.0.0.1',
  }
  const first = await start('auth-server', authServer, issuerPort)
  const [second, userService, orderService] = await Promise.all([
    start('auth-server', authServer),
    start('user-service', { ...common, DATABASE_URL: users?.url as string }),
    start('order-service', { ...common, DATABASE_URL: orders?.url as string, DEMO_ORDERS: 'true' }),
  ])
  const destination = (cluster: string) => `ReverseProxy__Clusters__${cluster}__Destinations__1__Address`
  const clusters = {
    [destination('accounts')]: first.url,
    [destination('users')]: userService.url,
    [destination('orders')]: orderService.url,
  }
  const gateway = await start('api-gateway', { ...common, WEB_ROOT: webRoot, ...clusters }, gatewayPort)

  const platform: Platform = {
    ...{ issuer, urls: [first.url, second.url], gateway: gateway.url, outputFile, secret, logoutPort },
    ...{ apachePort, pagePort, partnerKey: partnerKeys.private },
    ...{ orders: orderService.url, users: userService.url, authDatabaseUrl: auth?.ownerUrl as string },
  }
  process.env[variable] = JSON.stringify(platform)
  return async () => {
    await Promise.all(stops.map((stop) => stop()))
  }
}

async function createPartnerKeys(): Promise<{ private: JWK; public: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const described = { alg: 'ES256', use: 'sig', kid: 'partner' }
  return {
    private: { ...(await exportJWK(privateKey)), ...described },
    public: { ...(await exportJWK(publicKey)), ...described },
  }
}

/** A resource server under judgement: an address that takes a token, what clients call it, and where its metrics are. */
export type Judged = { name: string; url: string; publicUrl: string; adminUrl: string }

/** Where clients reach the API of the resource servers under judgement, as they are told. */
const publicApi = 'http://localhost:8080/api'

/** A gateway and both services that trust an issuer of the tests' own, which signs whatever it is told to. */
export async function startJudged(
  issuer: string,
  env: Record<string, string> = { REDIS_URL: testRedisUrl() },
): Promise<{ servers: Judged[]; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'alicerce-conformance-'))
  const processes = createProcesses(currentPlatform().outputFile)
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Alicerce</title>')
  const common = { APP_ENV: 'test', ISSUER_URL: issuer, API_URL: publicApi, ...env }
  const service = async (app: string) => {
    const { url, ownerUrl } = await createTestDatabase()
    await processes.migrate(app, ownerUrl)
    return processes.start(app, { ...common, DATABASE_URL: url })
  }
  const [orders, users] = await Promise.all([service('order-service'), service('user-service')])
  const gateway = await processes.start('api-gateway', {
    ...{ ...common, WEB_ROOT: folder },
    ReverseProxy__Clusters__orders__Destinations__1__Address: orders.url,
    ReverseProxy__Clusters__users__Destinations__1__Address: users.url,
  })
  const judged = (name: string, { url, adminUrl }: typeof gateway, prefix: string, path: string) => ({
    ...{ name, adminUrl, url: url + prefix + path, publicUrl: publicApi + path },
  })
  const servers = [
    judged('gateway', gateway, '/api', '/orders'),
    judged('order-service', orders, '', '/orders'),
    judged('user-service', users, '', '/users/me'),
  ]
  const stop = async () => {
    await Promise.all([gateway.stop(), orders.stop(), users.stop()])
  }
  return { servers, stop }
}
