import { createTestIssuer, createTestRedis, type TestRedis } from '@alicerce/testing'
import { expect, test } from 'vitest'
import { type Judged, startJudged } from '#src/platform/platform.ts'

const scope = 'openid orders:read orders:write users:read users:write'

async function ask({ url }: Judged, method: string, token: string) {
  const response = await fetch(url, { method, headers: { authorization: `Bearer ${token}` } })
  const text = await response.text()
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : {} }
}

/** What would change something at each of them. Nothing is changed: no body comes along. */
const changing = (server: Judged) => (server.name === 'user-service' ? 'PUT' : 'POST')

async function silentSeconds({ adminUrl }: Judged): Promise<number> {
  const metrics = await (await fetch(`${adminUrl}/metrics`)).text()
  return Number(/^revocation_feed_silent_seconds\{[^}]*\} (.+)$/m.exec(metrics)?.[1])
}

test.each([
  ['frozen', (redis: TestRedis) => redis.freeze(), (redis: TestRedis) => redis.resume()],
  ['dead', (redis: TestRedis) => redis.kill(), (redis: TestRedis) => redis.restart()],
])(
  'RS-14 with Redis %s, reads go on and show it, changes are refused, and all is well when it is back',
  async (_how, hurt, mend) => {
    const [issuer, redis] = await Promise.all([createTestIssuer(), createTestRedis()])
    const { servers, stop } = await startJudged(issuer.issuer, { REDIS_URL: redis.url })
    try {
      const token = await issuer.sign({ scope })
      // 415, 428 and the like: it has come past the token.
      for (const server of servers)
        expect((await ask(server, changing(server), token)).status, server.name).not.toBe(503)
      await hurt(redis)
      for (const server of servers) {
        const refused = () => ask(server, changing(server), token)
        await expect
          .poll(async () => (await refused()).status, { timeout: 40_000, message: server.name })
          .toBe(503)
        expect((await refused()).body.detail, server.name).toContain('nothing is changed')
        expect((await ask(server, 'GET', token)).status, server.name).toBe(200)
        // The gateway may still hear when the service behind it does not any more.
        expect(await silentSeconds(server), server.name).toBeGreaterThan(5)
      }
      await mend(redis)
      for (const server of servers) {
        const status = async () => (await ask(server, changing(server), token)).status
        await expect.poll(status, { timeout: 30_000, message: server.name }).not.toBe(503)
        expect(await silentSeconds(server), server.name).toBeLessThan(10)
      }
    } finally {
      await stop()
      await Promise.all([issuer.close(), redis.stop()])
    }
  },
  120_000,
)
