import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDatabase } from '@alicerce/database'
import { capturedLog, createProcesses, testRedisUrl } from '@alicerce/testing'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createShared, people, type Shared, startOrderService, type TestService } from './fixtures.ts'

let shared: Shared
let one: TestService
let other: TestService
let productId: string
beforeAll(async () => {
  shared = await createShared(testRedisUrl())
  ;[one, other] = await Promise.all([startOrderService(shared), startOrderService(shared)])
  productId = (await one.call('GET', '/catalogue/products?limit=1')).body.items[0].id
})
afterAll(async () => {
  await Promise.all([one.close(), other.close()])
  await shared.issuer.close()
})

const path = '/administration/caches/orders'
const view = async (from = one) => (await from.call('GET', path, { as: 'ana' })).body
const product = (from = one) => from.call('GET', `/catalogue/products/${productId}`)
const sourceOf = async (from = one) =>
  /product: (\w+)/.exec((await product(from)).headers.get('server-timing') ?? '')?.[1]
const post = (part: string, body: object, as: keyof typeof people = 'ana') =>
  one.call('POST', `${path}/${part}`, { as, body })

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the service answers
type Json = any
const readsOf = (body: Json, name: string) => {
  const { reads } = body.classes.find((each: Json) => each.name === name)
  return reads.l1 + reads.joined + reads.redis + reads.database
}

test('CA-60 the view adds up what all processes count, and tells how each of them is', async () => {
  const before = readsOf(await view(), 'product')
  for (let read = 0; read < 3; read++) await product(one)
  for (let read = 0; read < 4; read++) await product(other)
  await view(other) // tells its own figures at once
  const body = await view()
  expect(readsOf(body, 'product')).toBe(before + 7)
  expect(body).toMatchObject({ namespace: 'orders', stalenessBoundMilliseconds: 2000 })
  expect(body.processes).toHaveLength(2)
  for (const each of body.processes)
    expect(each).toMatchObject({ trusted: true, breaker: 'closed', firstLevel: { live: true } })
  const hot = body.hottest.find(({ key }: Json) => key === productId)
  expect(hot.class).toBe('product')
  expect(hot.reads).toBeGreaterThanOrEqual(7)
})

test('a process that has ended is told of no more', async () => {
  const third = await startOrderService(shared)
  await view(third)
  expect((await view()).processes).toHaveLength(3)
  await third.close()
  expect((await view()).processes).toHaveLength(2)
})

test('a process that stands still is told of as silent, and as itself when it goes on', async () => {
  const output = join(await mkdtemp(join(tmpdir(), 'alicerce-')), 'output.log')
  const frozen = await createProcesses(output).start('order-service', {
    APP_ENV: 'test',
    DATABASE_URL: shared.databaseUrl,
    ISSUER_URL: shared.issuer.issuer,
    REDIS_URL: shared.redisUrl as string,
  })
  const silence = async () => {
    const { processes } = await view()
    return processes.find(({ name }: Json) => name.endsWith(`/${frozen.pid}`))?.silentMilliseconds
  }
  await expect.poll(silence).toBeDefined()
  process.kill(frozen.pid, 'SIGSTOP')
  await expect.poll(silence, { timeout: 60_000 }).toBeGreaterThan(5000)
  process.kill(frozen.pid, 'SIGCONT')
  await expect.poll(silence, { timeout: 60_000 }).toBeLessThan(5000)
  await frozen.stop()
  expect(await silence()).toBeUndefined()
}, 180_000)

test('CA-62 a key is explained, without its value', async () => {
  await product()
  await product()
  const { status, body } = await post('explanations', { class: 'product', key: productId })
  expect(status).toBe(200)
  expect(body).toMatchObject({
    store: { state: 'fresh', version: 1 },
    tags: [{ name: 'catalogue', stands: true }],
    wouldLoad: 'nobody',
  })
  expect(JSON.stringify(body)).not.toContain('"value"')
  expect((await post('explanations', { class: 'nonsense', key: 'x' })).status).toBe(404)
})

test('SV-27 an administrator makes a key or a tag void in every process, and it is entered who did', async () => {
  const warm = async () => {
    for (const service of [one, other]) await expect.poll(() => sourceOf(service)).toBe('l1')
  }
  for (const [part, body] of [
    ['invalidations/keys', { class: 'product', key: productId }],
    ['invalidations/tags', { tag: 'catalogue' }],
  ] as const) {
    await warm()
    const loads = async () =>
      (await view()).classes.find((each: Json) => each.name === 'product').loads.succeeded
    const before = await loads()
    const { status, body: entry } = await post(part, body)
    expect(status).toBe(200)
    expect(entry).toMatchObject({ ...body, actorId: people.ana.sub })
    await expect
      .poll(async () => {
        await Promise.all([product(one), product(other)])
        await view(other)
        return loads()
      })
      .toBeGreaterThan(before)
    const { body: log } = await one.call('GET', `${path}/invalidations`, { as: 'ana' })
    expect(log.items[0]).toEqual(entry)
  }
  expect(one.log.text()).not.toContain(productId)
})

test('of a class that is not there nothing is made void, nor entered', async () => {
  const entries = async () => (await one.call('GET', `${path}/invalidations`, { as: 'ana' })).body.items
  const before = await entries()
  expect((await post('invalidations/keys', { class: 'nonsense', key: 'x' })).status).toBe(404)
  expect((await post('invalidations/tags', { tag: '' })).status).toBe(400)
  expect(await entries()).toEqual(before)
})

test('nobody but administrators sees or does any of it', async () => {
  for (const as of ['clara', 'simao'] as const) {
    expect((await one.call('GET', path, { as })).status).toBe(403)
    expect((await one.call('GET', `${path}/invalidations`, { as })).status).toBe(403)
    expect((await post('explanations', { class: 'product', key: productId }, as)).status).toBe(403)
    expect((await post('invalidations/tags', { tag: 'catalogue' }, as)).status).toBe(403)
  }
  expect((await one.call('GET', path)).status).toBe(401)
})

test('SV-28 the service can neither change nor remove an entry', async () => {
  await post('invalidations/tags', { tag: 'catalogue' })
  const database = createDatabase({ url: shared.databaseUrl, applicationName: 'test', log: capturedLog() })
  for (const statement of [
    'delete from cache_invalidation',
    `update cache_invalidation set actor_id = 'nobody'`,
    'truncate cache_invalidation',
  ])
    await expect(sql.raw(statement).execute(database.query)).rejects.toThrow('permission denied')
  await database.close()
})
