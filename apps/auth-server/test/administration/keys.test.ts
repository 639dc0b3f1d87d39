import { afterAll, beforeAll, expect, test } from 'vitest'
import { ids, signInToApi } from '../harness/api.ts'
import { type Cluster, startCluster } from '../harness/cluster.ts'

let cluster: Cluster
let api: Awaited<ReturnType<typeof signInToApi>>
beforeAll(async () => {
  cluster = await startCluster()
  api = await signInToApi(cluster)
})
afterAll(() => cluster.close())

const path = '/administration/keys'
const day = 86_400_000

test('an administrator sees every key, its state, and when the next one signs', async () => {
  const { status, body, text } = await api.call(path)
  expect(status).toBe(200)
  expect(body.items).toEqual([
    expect.objectContaining({ algorithm: 'ES256', state: 'active', retiredAt: null }),
    expect.objectContaining({ algorithm: 'RS256', state: 'active', retiredAt: null }),
  ])
  expect(body.rotations[0]).toEqual({
    algorithm: 'ES256',
    announced: false,
    at: new Date(Date.parse(body.items[0].activeFrom) + 90 * day).toISOString(),
  })
  expect(text).not.toMatch(/"d"|sealed/)
})

test('a customer, and an administrator without the scope, cannot rotate', async () => {
  const rotate = `${path}/ES256/rotate`
  expect((await api.call(rotate, { method: 'POST', token: api.customer })).status).toBe(403)
  expect((await api.call(path, { token: api.customer })).status).toBe(403)
  expect((await api.call(`${path}/HS256/rotate`, { method: 'POST' })).status).toBe(400)
  expect((await api.call(path)).body.rotations[0].announced).toBe(false)
})

test('rotating announces one next key however often it is asked, and tells who asked', async () => {
  await Promise.all([1, 2, 3].map(() => api.call(`${path}/ES256/rotate`, { method: 'POST' })))
  const { body } = await api.call(path)
  const own = body.items.filter(({ algorithm }: { algorithm: string }) => algorithm === 'ES256')
  expect(own.map(({ state }: { state: string }) => state)).toEqual(['active', 'next'])
  expect(own[0].retiredAt).toBe(own[1].activeFrom)
  expect(body.rotations[0]).toEqual({ algorithm: 'ES256', announced: true, at: own[1].activeFrom })
  const rows = await cluster.sql(`select actor, details from audit_event where action = 'rotate-key'`)
  expect(rows).toHaveLength(3)
  expect(rows[0]).toEqual({ actor: ids.administrator, details: { algorithm: 'ES256' } })
})
