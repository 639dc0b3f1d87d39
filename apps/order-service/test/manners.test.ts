import { serviceManners } from '@alicerce/service-kit/test-suite'
import { afterAll, beforeAll } from 'vitest'
import {
  createShared,
  people,
  place,
  productsInStock,
  type Shared,
  shippingAddress,
  startOrderService,
  type TestService,
} from './fixtures.ts'

let shared: Shared
let service: TestService
let productId: string
beforeAll(async () => {
  shared = await createShared()
  service = await startOrderService(shared)
  productId = (await productsInStock(service))[0]?.id ?? ''
})
afterAll(async () => {
  await service.close()
  await shared.issuer.close()
})

const scope = 'orders:read orders:write'
serviceManners({
  service: () => service.app,
  tokens: {
    able: () => service.token('clara'),
    other: () => service.token('eva'),
    powerless: () => service.token('clara', { scope: 'openid' }),
    refused: {
      signature: () => shared.issuer.forge({ ...people.clara, scope }),
      issuer: () => service.token('clara', { iss: 'https://elsewhere.example' }),
      audience: () => service.token('clara', { aud: 'urn:another:api' }),
      expiry: () => service.token('clara', { exp: 1 }),
      type: () => shared.issuer.sign({ ...people.clara, scope }, { typ: 'JWT' }),
      algorithm: () => shared.issuer.sign({ ...people.clara, scope }, { alg: 'none' }),
    },
  },
  protectedPath: '/orders',
  logText: () => service.log.text(),
  change: {
    path: async () => `/orders/${(await place(service, 'clara', [{ productId, quantity: 1 }])).body.id}`,
    method: 'POST',
    changePath: (path) => `${path}/transitions`,
    body: (number) => ({ action: number % 2 ? 'pay' : 'cancel' }),
  },
  create: {
    path: '/orders',
    body: (number) => ({ lines: [{ productId, quantity: 1 }], shippingAddress, note: `Order ${number}` }),
  },
  list: { path: '/catalogue/products', filter: 'category=tiles', anonymous: true },
})
