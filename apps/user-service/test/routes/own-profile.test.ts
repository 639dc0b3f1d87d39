import { createTestRedis, testRedisUrl } from '@alicerce/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createShared, people, type Shared, startUserService, type TestService, update } from '../fixtures.ts'

let shared: Shared
let service: TestService
let other: TestService
beforeAll(async () => {
  shared = await createShared(testRedisUrl())
  ;[service, other] = await Promise.all([startUserService(shared), startUserService(shared)])
})
afterAll(async () => {
  await Promise.all([service.close(), other.close()])
  await shared.issuer.close()
})
const me = async (as: keyof typeof people, from = service) =>
  (await from.call('GET', '/users/me', { as })).body
const changes = { name: 'Clara C.', locale: 'en', phone: '+351 210 000 000' }

test('whoever signs in before his registration was heard of has a profile, and the event completes it', async () => {
  expect(await me('clara')).toMatchObject({
    id: people.clara.sub,
    email: null,
    name: '',
    roles: ['customer'],
    version: 1,
  })
  await service.tell({ id: people.clara.sub, version: 1 })
  await expect.poll(async () => (await me('clara')).email).toBe('clara@example.com')
  expect(await me('clara')).toMatchObject({
    name: 'Clara Costa',
    locale: 'pt-BR',
    createdAt: '2026-03-04T05:06:07.000Z',
  })
})

test('many first requests at once make one profile', async () => {
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, index) => me('eva', index % 2 ? service : other)),
  )
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
})

test('a person changes what is his, and both copies show it at once', async () => {
  await me('simao', other)
  const { status, headers, body } = await update(service, 'simao', { ...changes, name: '  Simão S.  ' })
  expect(status).toBe(200)
  expect(body).toMatchObject({ name: 'Simão S.', locale: 'en', phone: changes.phone })
  expect(headers.get('etag')).toBe(`"${body.version}"`)
  await expect.poll(() => me('simao', other)).toEqual(body)
  expect(await me('simao')).toEqual(body)
  const { body: without } = await update(other, 'simao', { name: 'Simão', locale: 'pt-BR' })
  expect(without).not.toHaveProperty('phone')
  await expect.poll(() => me('simao')).toEqual(without)
})

test.each(['email', 'roles', 'status', 'id', 'version'])(
  'SV-20 a person cannot give himself another %s',
  async (name) => {
    const { status, body } = await update(service, 'clara', { ...changes, [name]: ['administrator'] })
    expect(status).toBe(400)
    expect(body.errors).toEqual([expect.objectContaining({ pointer: `#/${name}` })])
  },
)

test('a name that a person chose here stays when his roles change, and goes when his account gets another', async () => {
  const id = people.ana.sub
  await service.tell({ id, version: 1, name: 'Ana Almeida', email: 'ana@example.com' })
  await expect.poll(async () => (await me('ana')).email).toBe('ana@example.com')
  await update(service, 'ana', { name: 'Ana', locale: 'en' })
  await service.tell({ id, version: 2, name: 'Ana Almeida', roles: ['customer', 'support'] })
  await expect.poll(async () => (await me('ana')).roles).toEqual(['customer', 'support'])
  expect(await me('ana')).toMatchObject({ name: 'Ana', locale: 'en' })
  await service.tell({ id, version: 4, name: 'Ana Lima' })
  await expect.poll(async () => (await me('ana')).name).toBe('Ana Lima')
  await service.tell({ id, version: 3, name: 'Too late' })
  await service.tell({ id: people.clara.sub, version: 9, name: 'Clara, last' })
  await expect.poll(async () => (await me('clara')).name).toBe('Clara, last')
  expect((await me('ana')).name).toBe('Ana Lima')
})

test.each(['killed', 'frozen'])('with Redis %s a profile can still be read and changed', async (fate) => {
  const redis = await createTestRedis()
  const lonely = await startUserService({ ...shared, redisUrl: redis.url })
  await me('clara', lonely)
  if (fate === 'killed') await redis.kill()
  else redis.freeze()
  const { status, body } = await update(lonely, 'clara', { name: fate, locale: 'en' })
  expect([status, body.name]).toEqual([200, fate])
  expect((await me('clara', lonely)).name).toBe(fate)
  if (fate === 'frozen') redis.resume()
  else await redis.restart()
  await lonely.close()
  await redis.stop()
})

test('of a deleted account nothing stays that the person said of himself', async () => {
  const { id } = await me('simao')
  const address = { name: 'S', line1: 'Rua 1', postalCode: '1000-001', city: 'Lisboa', country: 'PT' }
  expect((await update(service, 'simao', { ...changes, address })).status).toBe(200)
  const left = { name: 'Deleted account', email: `${id}@deleted.invalid`, roles: [] as string[] }
  await service.tell({ id, version: 20, status: 'disabled', ...left }, 'account.deleted')
  await expect.poll(async () => (await me('simao')).email).toBe(left.email)
  const profile = await me('simao')
  expect(profile).toMatchObject({ ...left, status: 'disabled' })
  expect(profile).not.toHaveProperty('phone')
  expect(profile).not.toHaveProperty('address')
})

test('CA-60 CA-62 the admin port shows what the cache of profiles does, and how one stands in it', async () => {
  const { id } = await me('clara')
  await me('clara')
  const ask = async (path: string) => (await fetch(`${service.app.adminUrl}${path}`)).text()
  expect(await ask('/metrics')).toMatch(/cache_reads_total\{namespace="users",class="profile",.*\} [1-9]/)
  expect(JSON.parse(await ask('/cache'))).toMatchObject({
    namespace: 'users',
    classes: [{ name: 'profile' }],
  })
  const explained = await ask(`/cache/explain?class=profile&key=${id}`)
  expect(JSON.parse(explained)).toMatchObject({ class: 'profile', key: id, store: { state: 'fresh' } })
  expect(explained).not.toContain('Clara')
})
