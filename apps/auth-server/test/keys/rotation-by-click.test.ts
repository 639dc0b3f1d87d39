import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApi } from '../harness/api.ts'
import { type Cluster, startCluster } from '../harness/cluster.ts'
import { createParty, isAlive } from '../harness/party.ts'

const parties = 4
const refreshesAfter = 12

let cluster: Cluster
beforeAll(async () => {
  cluster = await startCluster({
    instances: 3,
    env: { SIGNING_KEY_ANNOUNCED_SECONDS: '2' },
  })
})
afterAll(() => cluster.close())

const kidOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[0] as string, 'base64url').toString()).kid as string

async function published(): Promise<string[][]> {
  const sets = cluster.urls.map(async (server) => (await fetch(`${server}/jwks`)).json())
  return ((await Promise.all(sets)) as { keys: { kid: string }[] }[]).map(({ keys }) =>
    keys.map(({ kid }) => kid),
  )
}

/** What each key has signed last, and every answer that was none of success. */
type Seen = { tokens: Map<string, string>; failures: string[] }

/** Refreshes over all processes in turn, until the new key has signed for a while. */
async function refreshUntilRotated(email: string, seen: Seen): Promise<void> {
  const party = createParty(cluster)
  let { refresh_token, access_token } = await party.signIn(email)
  let after = 0
  while (after < refreshesAfter && seen.failures.length === 0) {
    seen.tokens.set(kidOf(access_token), access_token)
    const { status, body } = await party.refresh(refresh_token)
    if (status !== 200) seen.failures.push(`refresh: ${status} ${JSON.stringify(body)}`)
    ;({ refresh_token, access_token } = body as { refresh_token: string; access_token: string })
    // Of either key, at any moment.
    for (const token of seen.tokens.values())
      if (!(await isAlive(cluster, token))) seen.failures.push(`refused: ${kidOf(token)}`)
    if (seen.tokens.size > 1) after++
    await sleep(10)
  }
}

test('AS-40 a rotation by an administrator, while three processes are at work, refuses no request and no token of either key', async () => {
  const administrator = (await createParty(cluster).signIn('admin@alicerce.test')).access_token
  const call = createApi(cluster, administrator)
  const seen: Seen = { tokens: new Map(), failures: [] }
  const load = Array.from({ length: parties }, () => refreshUntilRotated('customer@alicerce.test', seen))
  // Twice at once, as by an impatient hand: one key is announced.
  const clicks = await Promise.all(
    [1, 2].map(() => call('/administration/keys/ES256/rotate', { method: 'POST' })),
  )
  expect(clicks.map(({ status }) => status)).toEqual([200, 200])
  await Promise.all(load)

  expect(seen.failures).toEqual([])
  expect(seen.tokens.size).toBe(2)
  for (const keys of await published()) expect(keys).toEqual(expect.arrayContaining([...seen.tokens.keys()]))
  // The administrator's own token is of the old key.
  const { status, body } = await call('/administration/keys')
  expect(status).toBe(200)
  const states = body.items
    .filter(({ algorithm }: { algorithm: string }) => algorithm === 'ES256')
    .map(({ state }: { state: string }) => state)
  expect(states).toEqual(['retired', 'active'])
  expect(cluster.log.lines.filter(({ level }) => level === 'error')).toEqual([])
})
