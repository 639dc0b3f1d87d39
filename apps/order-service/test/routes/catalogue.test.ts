import { afterAll, beforeAll, expect, test } from 'vitest'
import { createShared, type Shared, startOrderService, type TestService } from '../fixtures.ts'

let shared: Shared
let service: TestService
beforeAll(async () => {
  shared = await createShared()
  service = await startOrderService(shared)
})
afterAll(async () => {
  await service.close()
  await shared.issuer.close()
})
const list = async (query: string) => (await service.call('GET', `/catalogue/products?${query}`)).body
const names = (body: { items: { name: { en: string; 'pt-BR': string } }[] }, locale: 'en' | 'pt-BR' = 'en') =>
  body.items.map(({ name }) => name[locale])

test('anybody sees the eight shelves and what stands on them', async () => {
  const { body } = await service.call('GET', '/catalogue/categories')
  expect(body.items).toHaveLength(8)
  expect(body.items[0]).toMatchObject({ id: 'ceramics', name: { en: 'Ceramics', 'pt-BR': 'Cerâmica' } })
  const counted = body.items.reduce(
    (sum: number, { productCount }: { productCount: number }) => sum + productCount,
    0,
  )
  expect(counted).toBe((await list('')).total)
})

test('words in either language and without accents find products', async () => {
  for (const search of ['jarra alentejo', 'ALENTEJO jug', 'jug alent', 'Ceramica jarra'])
    expect(names(await list(`search=${encodeURIComponent(search)}`))[0]).toContain('Alentejo water jug')
  expect(await list('search=100%25')).toMatchObject({ items: [], total: 0 })
})

test('products come by shelf, price, age and name in either language', async () => {
  const cheap = (await list('category=tiles&sort=price&limit=100')).items
  expect(cheap.every(({ category }: { category: string }) => category === 'tiles')).toBe(true)
  const prices = cheap.map(({ price }: { price: { amount: number } }) => price.amount)
  expect(prices).toEqual(prices.toSorted((one: number, other: number) => one - other))
  const dear = (await list('category=tiles&sort=-price&limit=100')).items
  expect(dear.map(({ price }: { price: { amount: number } }) => price.amount)).toEqual(prices.toReversed())
  expect(names(await list('category=lighting'))[0]).toMatch(/^Farol/)
  expect(names(await list('category=lighting&locale=pt-BR'), 'pt-BR')[0]).toMatch(/^Abajur/)
  expect((await list('sort=newest')).items).toHaveLength(24)
})

test('SV-17 every product is on exactly one page', async () => {
  const seen = new Set<string>()
  let path = 'limit=50&sort=price'
  for (;;) {
    const { items, nextCursor, total } = await list(path)
    for (const { id } of items) seen.add(id)
    if (nextCursor) path = `limit=50&sort=price&cursor=${nextCursor}`
    else return expect(seen.size).toBe(total)
  }
})

test('a product tells everything in both languages, under an ETag', async () => {
  const [{ id }] = (await list('limit=1')).items
  const { body, headers } = await service.call('GET', `/catalogue/products/${id}`)
  expect(body).toMatchObject({
    id,
    description: { en: expect.any(String) },
    details: expect.any(Array),
    version: 1,
  })
  expect(headers.get('etag')).toBe('"1"')
  expect(headers.get('cache-control')).toBe('no-store')
  const again = await service.call('GET', `/catalogue/products/${id}`, {
    headers: { 'if-none-match': '"1"' },
  })
  expect(again.status).toBe(304)
  expect((await service.call('GET', `/catalogue/products/${crypto.randomUUID()}`)).status).toBe(404)
})

test('a picture may be kept for good and can do nothing but be looked at', async () => {
  const [{ image }] = (await list('limit=1')).items
  const { status, headers, body } = await service.call('GET', image.replace('/api', ''))
  expect(status).toBe(200)
  expect(headers.get('content-type')).toContain('image/svg+xml')
  expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(headers.get('content-security-policy')).toBe("default-src 'none'; style-src 'unsafe-inline'")
  expect(body).toMatch(/^<svg /)
  expect((await service.call('GET', `/catalogue/products/${crypto.randomUUID()}/image`)).status).toBe(404)
})
