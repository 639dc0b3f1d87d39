import { createDatabase, type Database } from '@alicerce/database'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { removeExpired } from '#src/adapter/clean-up.ts'
import type { Tables } from '#src/schema.ts'
import { type Cluster, startCluster } from './harness/cluster.ts'
import { createParty } from './harness/party.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await startCluster({ instances: 2 })
})
afterAll(() => cluster.close())

const expired = `
  insert into oidc_artifact (model, id_hash, grant_id, payload, expires_at)
  select case number % 2 when 0 then 'RefreshToken' else 'Grant' end,
    sha256(convert_to('expired ' || number, 'UTF8')), 'grant ' || number / 4, '{}', now() - interval '1 hour'
  from generate_series(1, 12000) number`

test('several processes remove what has expired at once, while tokens are renewed: nothing waits for ever, nothing fails', async () => {
  const people = Array.from({ length: 4 }, () => createParty(cluster))
  const tokens = await Promise.all(people.map(async ({ signIn }) => (await signIn()).refresh_token))
  await cluster.sql(expired)
  const open = () =>
    createDatabase<Tables>({ url: cluster.database.url, applicationName: 'clean-up', log: cluster.log })
  const databases: Database<Tables>[] = Array.from({ length: 4 }, open)

  let cleaning = true
  const renewing = people.map(async ({ refresh }, number) => {
    let token = tokens[number] as string
    do {
      const { status, body } = await refresh(token)
      expect(status).toBe(200)
      token = body.refresh_token as string
    } while (cleaning)
  })
  let removed = 0
  const left = async () =>
    Number(
      (
        await cluster.sql<{ count: string }>(
          `select count(*) from oidc_artifact where expires_at < now() - interval '1 minute'`,
        )
      )[0]?.count,
    )
  // Whoever finds another one at work leaves it to him, so that all of them come again.
  while ((await left()) > 0)
    for (const count of await Promise.all(databases.map(removeExpired))) removed += count
  cleaning = false
  await Promise.all(renewing)
  expect(removed).toBe(12_000)
  expect(cluster.log.text()).not.toMatch(/deadlock/i)
  await Promise.all(databases.map((database) => database.close()))
})
