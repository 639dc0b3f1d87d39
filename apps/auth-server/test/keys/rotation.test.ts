import { createDatabase } from '@alicerce/database'
import { capturedLog, createTestDatabase, until } from '@alicerce/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createKeyCipher } from '#src/keys/key-cipher.ts'
import { createSigningKeys } from '#src/keys/signing-keys.ts'
import { authServerMigrations } from '#src/migrations/index.ts'
import type { Tables } from '#src/schema.ts'
import { type Cluster, startCluster } from '../harness/cluster.ts'
import { createParty, isAlive } from '../harness/party.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await startCluster({
    instances: 2,
    env: {
      SIGNING_KEY_ANNOUNCED_SECONDS: '1',
      SIGNING_KEY_ACTIVE_SECONDS: '2',
      SIGNING_KEY_RETIRED_SECONDS: '10',
    },
  })
})
afterAll(() => cluster.close())

const kidOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[0] as string, 'base64url').toString()).kid as string
const published = async (server: string) =>
  ((await (await fetch(`${server}/jwks`)).json()) as { keys: { kid: string; alg: string }[] }).keys

test('AS-40 F-13 keys rotate under load, without a restart and without one refused request', async () => {
  const party = createParty(cluster)
  let { refresh_token, access_token } = await party.signIn()
  const signers = new Set<string>()
  let round = 0
  while (signers.size < 4) {
    const kid = kidOf(access_token)
    signers.add(kid)
    for (const server of cluster.urls) expect((await published(server)).map((key) => key.kid)).toContain(kid)
    expect(await isAlive(cluster, access_token)).toBe(true)
    const { status, body } = await party.refresh(refresh_token)
    expect(status).toBe(200)
    ;({ refresh_token, access_token } = body as { refresh_token: string; access_token: string })
    round++
  }
  expect(round).toBeGreaterThan(10)
})

test('AS-40 the next key is published before it signs, of each algorithm', async () => {
  await until(
    async () => {
      const keys = await published(cluster.urls[0] as string)
      return ['ES256', 'RS256'].every((algorithm) => keys.filter(({ alg }) => alg === algorithm).length > 1)
    },
    { timeoutMilliseconds: 10_000 },
  )
})

const keyEncryptionKey = (sign: number) => Buffer.alloc(32, sign).toString('base64url')

function keysSealedBy(database: ReturnType<typeof openDatabase>, ...keys: string[]) {
  const ages = { announced: 900, active: 9000, retired: 9000 }
  return createSigningKeys({ database, cipher: createKeyCipher(keys), ages, clock: Date })
}

const openDatabase = (url: string) =>
  createDatabase<Tables>({ url, applicationName: 'test', log: capturedLog() })

test('the key encryption key is rotated: a new one in front seals anew, then the old one can go', async () => {
  const { url } = await createTestDatabase({ migrations: authServerMigrations })
  const database = openDatabase(url)
  const [first, second] = [keyEncryptionKey(1), keyEncryptionKey(2)]
  const made = await keysSealedBy(database, first).current()
  await expect(keysSealedBy(database, second).current()).rejects.toMatchObject({
    code: 'signing-keys-sealed',
  })
  expect(await keysSealedBy(database, second, first).current()).toEqual(made)
  expect(await keysSealedBy(database, second).current()).toEqual(made)
  await expect(keysSealedBy(database, first).current()).rejects.toMatchObject({ code: 'signing-keys-sealed' })
  await database.close()
})

test('a rotation that is asked for announces one key, however often it is asked', async () => {
  const { url } = await createTestDatabase({ migrations: authServerMigrations })
  const database = openDatabase(url)
  const keys = keysSealedBy(database, keyEncryptionKey(1))
  await keys.current()
  await Promise.all([1, 2, 3].map(() => database.transaction((tx) => keys.rotateNow(tx, 'ES256'))))
  const described = await keys.describe()
  expect(described.map(({ algorithm, state }) => `${algorithm} ${state}`)).toEqual([
    'ES256 active',
    'ES256 next',
    'RS256 active',
  ])
  expect(described[0]?.retiredAt).toEqual(described[1]?.activeFrom)
  await database.close()
})
