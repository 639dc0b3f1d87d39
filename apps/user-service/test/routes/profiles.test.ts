import { createDatabase } from '@alicerce/database'
import { capturedLog, until } from '@alicerce/testing'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createShared, type Shared, startUserService, type TestService } from '../fixtures.ts'

let shared: Shared
let service: TestService
const names = ['Ângela Brito', 'Bruno Dias', 'Célia Faria', 'Duarte Gomes', 'Élio Horta']
beforeAll(async () => {
  shared = await createShared()
  service = await startUserService(shared)
  for (const [index, name] of names.entries())
    await service.tell({
      id: `person-${index}`,
      version: 1,
      name,
      email: `${index}@example.com`,
      roles: index === 1 ? ['customer', 'support'] : ['customer'],
      status: index === 2 ? 'disabled' : 'active',
      createdAt: `2026-01-0${index + 1}T00:00:00.000Z`,
    })
  await until(async () => (await list('')).total === names.length)
})
afterAll(async () => {
  await service.close()
  await shared.issuer.close()
})
const list = async (query: string) => (await service.call('GET', `/users?${query}`, { as: 'simao' })).body
const found = async (query: string) => (await list(query)).items.map(({ name }: { name: string }) => name)

test('staff finds people by name or address, role and status, in either order', async () => {
  expect(await found('')).toEqual(names)
  expect(await found('sort=-createdAt')).toEqual(names.toReversed())
  expect(await found('search=angela')).toEqual(['Ângela Brito'])
  expect(await found('search=3%40example')).toEqual(['Duarte Gomes'])
  expect(await found('role=support')).toEqual(['Bruno Dias'])
  expect(await found('status=disabled')).toEqual(['Célia Faria'])
  expect(await found('search=%25')).toEqual([])
})

test('SV-17 pages follow each other in both orders', async () => {
  for (const sort of ['name', '-createdAt']) {
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: { items: { name: string }[]; nextCursor: string | null } = await list(
        `sort=${sort}&limit=2${cursor && `&cursor=${cursor}`}`,
      )
      seen.push(...page.items.map(({ name }) => name))
      cursor = page.nextCursor
    }
    expect(seen).toEqual(sort === 'name' ? names : names.toReversed())
  }
})

test('SV-21 a customer sees nobody but himself', async () => {
  for (const path of ['/users', '/users/person-1']) {
    const { status, body } = await service.call('GET', path, { as: 'clara' })
    expect(status).toBe(403)
    expect(body.detail).toContain('administrator')
  }
})

test('staff reads one person under an ETag', async () => {
  const { body, headers } = await service.call('GET', '/users/person-1', { as: 'ana' })
  expect(body).toMatchObject({ name: 'Bruno Dias', roles: ['customer', 'support'], status: 'active' })
  expect(headers.get('etag')).toBe(`"${body.version}"`)
  expect((await service.call('GET', '/users/nobody', { as: 'ana' })).status).toBe(404)
})

test.each(['update profile_event set action = null', 'delete from profile_event', 'truncate profile_event'])(
  'SV-28 the service itself cannot rewrite the record of changes: %s',
  async (statement) => {
    const database = createDatabase({ url: shared.databaseUrl, applicationName: 'test', log: capturedLog() })
    await expect(sql.raw(statement).execute(database.query)).rejects.toThrow('permission denied')
    await database.close()
  },
)
