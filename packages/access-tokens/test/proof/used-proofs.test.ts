import { capturedLog, createProofs, createTestRedis, freePort, until } from '@alicerce/testing'
import { expect, test } from 'vitest'
import { createAuthenticator, createRedisUsedProofs } from '#src/index.ts'
import { after, outcome, setUp } from '../fixtures.ts'

const open = (url: string) => {
  const usedProofs = createRedisUsedProofs({ url, log: capturedLog() })
  after(() => usedProofs.close())
  return usedProofs
}

test('RS-13 of many processes one takes a proof, and Redis forgets it with its life', async () => {
  const redis = await createTestRedis()
  after(() => redis.stop())
  const processes = [open(redis.url), open(redis.url), open(redis.url)]
  const answers = await Promise.all(processes.map((process) => process.use('one', 300)))
  expect(answers.sort()).toEqual(['again', 'again', 'first'])
  const late = open(redis.url)
  await until(async () => (await open(redis.url).use('one', 300)) === 'first')
  expect(await late.use('another', 300)).toBe('first')
})

test('RS-13 while Redis is away reads go on, changes are refused, and a proof that was seen here stays refused', async () => {
  const usedProofs = open(`redis://127.0.0.1:${await freePort()}`)
  const { parts, issuer, now } = await setUp()
  const prove = await createProofs()
  const token = await issuer.sign({ cnf: { jkt: prove.thumbprint } })
  const { authenticate } = createAuthenticator({ ...parts, usedProofs })
  const claims = { iat: now(), ath: prove.ath(token) }
  const request = async (method: string) => ({
    method,
    url: '/orders',
    rawHeaders: [
      ...['Authorization', `DPoP ${token}`],
      ...['DPoP', await prove(method, `${parts.baseUrl}/orders`, claims)],
    ],
  })
  const read = await request('GET')
  expect(await outcome(() => authenticate(read))).toBe('accepted')
  expect(await outcome(() => authenticate(read))).toBe('proof-used')
  expect(await outcome(async () => authenticate(await request('POST')))).toBe('proofs-unknown')
})
