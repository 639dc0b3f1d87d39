import { randomUUID } from 'node:crypto'
import { createRelyingParty, until } from '@alicerce/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createKeyCipher } from '#src/keys/key-cipher.ts'
import { createKeyedHash } from '#src/keys/keyed-hash.ts'
import { type Cluster, startCluster } from '../harness/cluster.ts'

const [before, after] = [1, 2].map((sign) => Buffer.alloc(32, sign).toString('base64url')) as [string, string]
/** Each complete before the next begins, as the reference has it. */
const deployments = [[before, after], [after, before], [after]]

let cluster: Cluster
beforeAll(async () => {
  cluster = await startCluster({ instances: 2, env: { KEY_ENCRYPTION_KEY: before } })
})
afterAll(() => cluster.close())

/** Repeats it until told to stop; `settled` resolves when the one that is under way has ended. */
function repeatedly(work: () => Promise<void>) {
  let rounds = 0
  let stopped = false
  const done = (async () => {
    while (!stopped) {
      await work()
      rounds++
    }
  })()
  // It is waited for below: a failure is told there, and is no unhandled one before.
  done.catch(() => {})
  return {
    async settled() {
      const enough = rounds + 1
      await Promise.race([done, until(() => rounds >= enough, { timeoutMilliseconds: 60_000 })])
    },
    stop() {
      stopped = true
      return done
    },
  }
}

test('the key encryption key is changed by three rolling deployments: no request fails, nothing stays sealed by the old one', async () => {
  const urls = [...cluster.urls]
  const address = { issuer: cluster.issuer, urls }
  const signedIn = createRelyingParty(address)
  let { refresh_token } = await signedIn.signIn()
  const refreshing = repeatedly(async () => {
    const { status, body } = await signedIn.refresh(refresh_token)
    expect(status).toBe(200)
    refresh_token = body.refresh_token as string
  })
  // Its mail is sealed, and its code hashed, by whichever process is at it.
  const registering = repeatedly(async () => {
    // They come from one address, whose registrations are counted.
    await cluster.sql('delete from sign_in_failure')
    const party = createRelyingParty(address)
    const page = await party.browser.open((await party.attempt()).url)
    const person = {
      name: 'Rita',
      email: `${randomUUID()}@example.com`,
      password: 'quatro palavras seguidas',
    }
    const end = await party.register(page, person)
    expect(end.location?.searchParams.get('code') ?? `${end.status} ${end.text}`).not.toMatch(/\s/)
  })
  const settled = () => Promise.all([refreshing.settled(), registering.settled()])

  let running = [...cluster.servers]
  for (const keys of deployments) {
    const replaced = running
    running = []
    for (const old of replaced) {
      const server = await cluster.startAnother({ KEY_ENCRYPTION_KEY: keys.join(',') })
      running.push(server)
      urls.push(server.url)
      await settled()
      urls.splice(urls.indexOf(old.url), 1)
      await settled()
      await old.close()
    }
  }
  await Promise.all([refreshing.stop(), registering.stop()])

  const rows = await cluster.sql<{ kid: string; sealed: Buffer }>('select kid, sealed from signing_key')
  expect(rows).toHaveLength(2)
  for (const { kid, sealed } of rows) {
    expect(createKeyCipher([after]).open(kid, sealed)).toContain(kid)
    expect(() => createKeyCipher([before]).open(kid, sealed)).toThrow()
  }
  expect(cluster.log.lines.filter(({ level }) => level === 'error')).toEqual([])
  await Promise.all(running.map((server) => server.close()))
})

test('what one process has hashed another one knows that has the same keys in another order', () => {
  const [one, other, stranger] = [[before, after], [after, before], [after]].map((keys) =>
    createKeyedHash(keys, 'test'),
  )
  const hash = one?.of('text') as Buffer
  expect(other?.isOf('text', hash)).toBe(true)
  expect(other?.isOf('other text', hash)).toBe(false)
  expect(stranger?.isOf('text', hash)).toBe(false)
  expect(createKeyedHash([before], 'other').isOf('text', hash)).toBe(false)
})
