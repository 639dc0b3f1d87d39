import {
  createProcesses,
  createTestDatabase,
  createTestIssuer,
  freePort,
  type TestIssuer,
  testRedisUrl,
} from '@alicerce/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { currentPlatform, startJudged } from '#src/platform/platform.ts'

const scope = 'openid orders:read users:read'
const statusOf = async (url: string, token: string) => {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
  await response.body?.cancel()
  return response.status
}

let issuer: TestIssuer
beforeEach(async () => {
  issuer = await createTestIssuer()
})
afterEach(() => issuer.close())

test('RS-06 unknown keys cause one fetch, and the keys that are known outlive their issuer', async () => {
  const { servers, stop } = await startJudged(issuer.issuer)
  try {
    for (const { name, url } of servers)
      expect(await statusOf(url, await issuer.sign({ scope })), name).toBe(200)
    const before = issuer.keySetRequests
    const unknown = await Promise.all(
      Array.from({ length: 50 }, (_, number) => issuer.forge({ scope }, { kid: `unknown-${number}` })),
    )
    for (const { name, url } of servers) {
      const statuses = await Promise.all(unknown.map((forged) => statusOf(url, forged)))
      expect(new Set(statuses), name).toEqual(new Set([401]))
    }
    // The gateway asks once for itself; what it refuses never comes to the services behind it.
    expect(issuer.keySetRequests - before).toBeLessThanOrEqual(servers.length)
    issuer.fail(true)
    for (const { name, url } of servers)
      expect(await statusOf(url, await issuer.sign({ scope })), name).toBe(200)
  } finally {
    await stop()
  }
})

test('RS-06 without any key nobody is let in, until there is one', async () => {
  issuer.fail(true)
  const processes = createProcesses(currentPlatform().outputFile)
  const { url: DATABASE_URL, ownerUrl } = await createTestDatabase()
  await processes.migrate('order-service', ownerUrl)
  const port = await freePort()
  const env = { APP_ENV: 'test', ISSUER_URL: issuer.issuer, REDIS_URL: testRedisUrl(), DATABASE_URL }
  const starting = processes.start('order-service', env, port)
  const token = await issuer.sign({ scope })
  const status = () => statusOf(`http://127.0.0.1:${port}/orders`, token).catch(() => 'not there yet')
  await expect.poll(status, { timeout: 30_000 }).toBe(503)
  issuer.fail(false)
  const service = await starting
  await expect.poll(status).toBe(200)
  await service.stop()
})
