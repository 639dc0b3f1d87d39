import { createDatabase, type Database } from '@alicerce/database'
import { createBackplane } from '@alicerce/service-kit'
import { capturedLog } from '@alicerce/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAuthServer } from '#src/app.ts'
import { redirectFault } from '#src/clients/client-rules.ts'
import { secretOverlapMilliseconds } from '#src/clients/client-secrets.ts'
import { createClients } from '#src/clients/clients.ts'
import { readAuthServerConfig } from '#src/config.ts'
import type { Tables } from '#src/schema.ts'
import { type Cluster, clientsFile, startCluster } from '../harness/cluster.ts'
import { createMachine } from '../harness/machine.ts'

let cluster: Cluster
let database: Database<Tables>
beforeAll(async () => {
  cluster = await startCluster({ instances: 2 })
  database = createDatabase<Tables>({
    url: cluster.database.url,
    applicationName: 'test',
    log: capturedLog(),
  })
})
afterAll(async () => {
  await database.close()
  await cluster.close()
})

const metadata = {
  ...{ client_name: 'Nightly report', grant_types: ['client_credentials'], redirect_uris: [] },
  ...{ response_types: [], apiScopes: 'orders:read', token_endpoint_auth_method: 'client_secret_basic' },
} as unknown as Parameters<ReturnType<typeof createClients>['create']>[1]

const clients = () =>
  createClients({ database, configured: [], validate: () => undefined, clock: { now: Date.now } })
const make = () => database.transaction((tx) => clients().create(tx, metadata))
const works = async (id: string, secret: string) =>
  (await createMachine(cluster, { id, secret }).credentials({ scope: 'orders:read' })).status === 200

test('F-17 a client that is made works at once on every server, and its secret is kept as a hash alone', async () => {
  const { client, secret } = await make()
  for (let server = 0; server < 2; server++) expect(await works(client.id, secret as string)).toBe(true)
  const [row] = await cluster.sql<{ text: string }>(
    'select oauth_client::text as text from oauth_client where client_id = $1',
    [client.id],
  )
  expect(row?.text).not.toContain(secret)
  expect(client.metadata).not.toHaveProperty('client_secret')
  expect(client.id).toMatch(/^client_/)
})

test('F-17 a client that is disabled gets nothing more within five seconds', async () => {
  const { client, secret } = await make()
  expect(await works(client.id, secret as string)).toBe(true)
  await database.transaction((tx) => clients().setDisabled(tx, client.id, true))
  cluster.advance(5000)
  expect(await works(client.id, secret as string)).toBe(false)
})

test('a secret that is rotated counts for a day beside the new one, so that nobody is cut off', async () => {
  const { client, secret } = await make()
  const next = await database.transaction((tx) => clients().rotateSecret(tx, client.id))
  cluster.advance(5000)
  expect(await works(client.id, secret as string)).toBe(true)
  expect(await works(client.id, next)).toBe(true)
  cluster.advance(secretOverlapMilliseconds)
  expect(await works(client.id, secret as string)).toBe(false)
  expect(await works(client.id, next)).toBe(true)
})

test('clients are listed by id, page after page, those of the configuration too', async () => {
  const configured = [{ client_id: 'web', client_name: 'Alicerce' }]
  const all = createClients({ database, configured, validate: () => undefined, clock: { now: Date.now } })
  const seen: string[] = []
  for (let after: string | undefined; ; after = seen.at(-1)) {
    const page = await all.list({ ...(after && { after }), limit: 2 })
    seen.push(...page.map(({ id }) => id))
    if (page.length < 2) break
  }
  expect(seen).toEqual([...new Set(seen)].toSorted())
  expect(seen).toContain('web')
  const found = await all.list({ limit: 50, search: 'nightly' })
  expect(found.length).toBe(seen.length - 1)
})

test('AS-02 codes go to https addresses, to this machine, or to an app’s own scheme', () => {
  expect(redirectFault('https://shop.example/callback')).toBeUndefined()
  expect(redirectFault('http://127.0.0.1/callback')).toBeUndefined()
  expect(redirectFault('com.example.app:/callback', 'native')).toBeUndefined()
  for (const uri of [
    'http://shop.example/callback',
    'https://shop.example/callback#fragment',
    'https://user:password@shop.example/callback',
    '/callback',
    'javascript:alert(1)',
    'data:text/html,x',
    'com.example.app:/callback',
  ])
    expect(redirectFault(uri), uri).toBeDefined()
  expect(redirectFault('javascript:alert(1)', 'native')).toBeDefined()
  expect(redirectFault('myapp:/callback', 'native')).toBeDefined()
})

test('a client on the FAPI 2.0 profile proves itself by a key, binds its tokens and pushes its requests', async () => {
  const bank = {
    ...{ client_id: 'bank', redirect_uris: ['https://bank.example/callback'], profile: 'fapi2' },
    ...{ token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [] } },
    ...{ dpop_bound_access_tokens: true, require_pushed_authorization_requests: true },
  }
  const backplane = await createBackplane({ log: capturedLog() })
  for (const [change, message] of [
    [{ token_endpoint_auth_method: 'none' }, /token_endpoint_auth_method private_key_jwt/],
    [{ dpop_bound_access_tokens: false }, /dpop_bound_access_tokens true/],
    [{ require_pushed_authorization_requests: false }, /require_pushed_authorization_requests true/],
    [{ profile: 'fapi1' }, /profile is fapi1/],
    [{ id_token_signed_response_alg: 'none' }, /id_token_signed_response_alg/],
    [{ id_token_signed_response_alg: 'HS256' }, /client_secret is mandatory/],
    [{ client_id: '00000000-0000-7000-8000-000000000001' }, /id of an account/],
  ] as const) {
    const config = readAuthServerConfig({
      ...{ DATABASE_URL: cluster.database.url, PORT: '0', ADMIN_PORT: '0' },
      CLIENTS_FILE: clientsFile([{ ...bank, ...change }]),
    })
    await expect(createAuthServer({ config, log: capturedLog(), backplane })).rejects.toThrow(message)
  }
  await backplane.close()
})
