import { serviceManners } from '@alicerce/service-kit/test-suite'
import { afterAll, beforeAll } from 'vitest'
import { createShared, people, type Shared, startUserService, type TestService } from './fixtures.ts'

let shared: Shared
let service: TestService
beforeAll(async () => {
  shared = await createShared()
  service = await startUserService(shared)
  for (const { sub } of Object.values(people)) await service.tell({ id: sub, version: 1 })
})
afterAll(async () => {
  await service.close()
  await shared.issuer.close()
})

const scope = 'users:read users:write'
serviceManners({
  service: () => service.app,
  tokens: {
    able: () => service.token('ana'),
    other: () => service.token('simao'),
    powerless: () => service.token('clara', { scope: 'openid' }),
    refused: {
      signature: () => shared.issuer.forge({ ...people.ana, scope }),
      issuer: () => service.token('ana', { iss: 'https://elsewhere.example' }),
      audience: () => service.token('ana', { aud: 'urn:another:api' }),
      expiry: () => service.token('ana', { exp: 1 }),
      type: () => shared.issuer.sign({ ...people.ana, scope }, { typ: 'JWT' }),
      algorithm: () => shared.issuer.sign({ ...people.ana, scope }, { alg: 'none' }),
    },
  },
  protectedPath: '/users',
  logText: () => service.log.text(),
  change: {
    path: async () => '/users/me',
    method: 'PUT',
    body: (number) => ({ name: `Ana ${number}`, locale: 'en' }),
  },
  list: { path: '/users', filter: 'status=active' },
})
