import {
  createProcesses,
  createRelyingParty,
  createTestDatabase,
  freePort,
  testRedisUrl,
} from '@alicerce/testing'
import { expect, test } from 'vitest'
import { currentPlatform } from '#src/platform/platform.ts'

const announcedSeconds = 2
const kidOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[0] as string, 'base64url').toString()).kid as string

test('AS-40 a rotation under load, over two auth servers and a service, fails no request and needs no restart', async () => {
  const processes = createProcesses(currentPlatform().outputFile)
  const database = async (app: string) => {
    const { url, ownerUrl } = await createTestDatabase()
    await processes.migrate(app, ownerUrl)
    return url
  }
  const port = await freePort()
  const issuer = `http://localhost:${port}`
  const common = { APP_ENV: 'test', ISSUER_URL: issuer, REDIS_URL: testRedisUrl() }
  const env = {
    ...{ ...common, DATABASE_URL: await database('auth-server'), DEMO_ACCOUNTS: 'true' },
    ...{ SIGNING_KEY_ANNOUNCED_SECONDS: String(announcedSeconds), COOKIE_KEYS: crypto.randomUUID() },
  }
  const first = await processes.start('auth-server', env, port)
  const second = await processes.start('auth-server', env)
  const orders = await processes.start('order-service', {
    ...common,
    DATABASE_URL: await database('order-service'),
  })
  try {
    const party = createRelyingParty({ issuer, urls: [first.url, second.url] })
    const administrator = await party.signIn('admin@alicerce.test')
    const rotated = await fetch(`${issuer}/administration/keys/ES256/rotate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${administrator.access_token}` },
    })
    expect(rotated.status).toBeLessThan(300)

    const signers = new Set<string>()
    const failures: string[] = []
    let { refresh_token } = administrator
    let after = 0
    // Until both servers have signed with the new key for a while.
    while (after < 20) {
      const { status, body } = await party.refresh(refresh_token)
      if (status !== 200) failures.push(`refresh: ${status}`)
      refresh_token = body.refresh_token as string
      const token = body.access_token as string
      const answer = await fetch(`${orders.url}/orders`, { headers: { authorization: `Bearer ${token}` } })
      await answer.body?.cancel()
      if (answer.status !== 200) failures.push(`${kidOf(token)}: ${answer.status}`)
      signers.add(kidOf(token))
      if (signers.size > 1) after++
      if (failures.length > 0) break
    }
    expect(failures).toEqual([])
    expect(signers.size).toBe(2)
    const { keys } = (await (await fetch(`${issuer}/jwks`)).json()) as { keys: { kid: string }[] }
    expect(keys.map(({ kid }) => kid)).toEqual(expect.arrayContaining([...signers]))
  } finally {
    await Promise.all([first.stop(), second.stop(), orders.stop()])
  }
})
