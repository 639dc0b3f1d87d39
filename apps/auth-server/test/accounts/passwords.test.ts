import { stat } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPasswords, HashingBusyError } from '#src/accounts/passwords.ts'
import { type Cluster, startCluster } from '../harness/cluster.ts'
import { createParty } from '../harness/party.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await startCluster()
})
afterAll(() => cluster.close())

test('OWASP’s parameters are in each hash, and a hash by others is told to be outdated', async () => {
  const passwords = createPasswords()
  const stored = await passwords.hash('correct horse')
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(await passwords.verify('correct horse', stored)).toBe(true)
  expect(await passwords.verify('correct horsf', stored)).toBe(false)
  expect(await passwords.verify('correct horse', undefined)).toBe(false)
  expect(passwords.isOutdated(stored)).toBe(false)
  expect(passwords.isOutdated(stored.replace('m=19456', 'm=7168'))).toBe(true)
})

test('hashing leaves threads to others, and whoever finds the line full is told so at once', async () => {
  const passwords = createPasswords()
  const stored = await passwords.hash('right')
  let done = 0
  const refused: unknown[] = []
  const all = Array.from({ length: 60 }, () =>
    passwords
      .verify('wrong', stored)
      .then(() => done++)
      .catch((error) => refused.push(error)),
  )
  // What needs one of Node's threads too comes in between, long before the line of passwords has ended.
  await stat(import.meta.dirname)
  expect(refused).toHaveLength(8)
  expect(refused.every((error) => error instanceof HashingBusyError)).toBe(true)
  expect(done).toBeLessThan(26)
  await Promise.all(all)
  expect(done).toBe(52)
})

test('tokens are renewed while more people sign in than can be hashed', async () => {
  const person = createParty(cluster)
  let { refresh_token } = await person.signIn()
  const crowd = Array.from({ length: 12 }, async (_, number) => {
    const party = createParty(cluster)
    const page = await party.browser.open((await party.attempt()).url)
    return () => party.enter(page, `nobody-${number}@example.com`)
  })
  let answered = 0
  const sent = (await Promise.all(crowd)).map((send) => send().finally(() => answered++))
  for (let time = 0; time < 2; time++) {
    const { status, body } = await person.refresh(refresh_token)
    expect(status).toBe(200)
    refresh_token = body.refresh_token as string
  }
  expect(answered).toBeLessThan(12)
  await Promise.all(sent)
})
