import { Pool } from 'undici'
import type { createAsker } from './oauth.ts'

const count = 220
/** A gateway that has not refused by then never will. */
const deadlineMilliseconds = 5000

/** For each of many revocations: milliseconds from the answer of the revocation endpoint to the refusal at the last of the gateways. */
export async function measureRevocations(
  { revocable }: Pick<ReturnType<typeof createAsker>, 'revocable'>,
  gateways: readonly { url: string }[],
): Promise<number[]> {
  const pools = gateways.map(({ url }) => new Pool(url, { connections: 1 }))
  const { accessToken, revoke } = await revocable()

  async function statusAt(pool: Pool, token: string): Promise<number> {
    const headers = { authorization: `Bearer ${token}` }
    const { statusCode, body } = await pool.request({ method: 'GET', path: '/api/orders', headers })
    await body.dump()
    return statusCode
  }

  async function refusedAt(pool: Pool, token: string, since: number): Promise<number> {
    for (;;) {
      const status = await statusAt(pool, token)
      const milliseconds = performance.now() - since
      if (status === 401) return milliseconds
      if (status !== 200) throw new Error(`A gateway answered ${status}`)
      if (milliseconds > deadlineMilliseconds) throw new Error('A gateway still takes a revoked token')
    }
  }

  const delays: number[] = []
  while (delays.length < count) {
    const token = await accessToken()
    const before = await Promise.all(pools.map((pool) => statusAt(pool, token)))
    if (before.some((status) => status !== 200)) throw new Error(`A gateway refused a good token: ${before}`)
    await revoke(token)
    const revokedAt = performance.now()
    delays.push(Math.max(...(await Promise.all(pools.map((pool) => refusedAt(pool, token, revokedAt))))))
  }
  await Promise.all(pools.map((pool) => pool.close()))
  return delays
}
