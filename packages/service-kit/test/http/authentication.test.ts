import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FastifyTyped } from '#src/index.ts'
import { ask, startService, stopAll, Thing } from '../fixtures.ts'

const response = { 200: Thing }

function routes(app: FastifyTyped): void {
  app.get('/open', { config: { policy: 'anonymous' }, schema: { response } }, async () => ({
    id: 'open',
    size: 1,
  }))
  app.get('/careless', { config: { policy: 'anonymous' }, schema: { response } }, async ({ caller }) => ({
    id: caller.sub,
    size: 1,
  }))
  app.get(
    '/closed',
    {
      config: { policy: { scopes: ['things:read'], roles: ['support', 'administrator'] } },
      schema: { response },
    },
    async ({ caller }) => ({ id: caller.sub, size: 1 }),
  )
}

let url = ''
beforeAll(async () => {
  url = (await startService(routes)).url
})
afterAll(stopAll)

const closed = (authorization?: string) =>
  ask(`${url}/closed`, { headers: authorization ? { authorization } : {} })

test('an anonymous route asks for nothing', async () => {
  expect((await ask(`${url}/open`)).status).toBe(200)
})

test('SV-20 the caller is the subject of the token', async () => {
  expect((await closed('Bearer ana things:read support')).body.id).toBe('ana')
})

test('the caller of an anonymous route cannot be read by mistake', async () => {
  expect((await ask(`${url}/careless`)).status).toBe(500)
})

test('SV-22 no token and a bad token → 401, each with its challenge', async () => {
  const missing = await closed()
  expect([missing.status, missing.body.code]).toEqual([401, 'token-missing'])
  expect(missing.headers.get('www-authenticate')).toBe('Bearer, DPoP algs="ES256 EdDSA PS256"')
  const forged = await closed('Bearer forged')
  expect([forged.status, forged.body.code]).toEqual([401, 'token-signature'])
  expect(forged.headers.get('www-authenticate')).toContain('error="invalid_token"')
})

test('keys that cannot be had → 503 without an address', async () => {
  const answer = await closed('Bearer keyless')
  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toBe('5')
  expect(answer.text).not.toContain('secret-host')
})

test('SV-21 a missing scope and a missing role → 403 that names them', async () => {
  const scope = await closed('Bearer ana other support')
  expect([scope.status, scope.body.code, scope.body.scope]).toEqual([
    403,
    'insufficient-scope',
    'things:read',
  ])
  expect(scope.headers.get('www-authenticate')).toContain('error="insufficient_scope", scope="things:read"')
  const role = await closed('Bearer ana things:read customer')
  expect([role.status, role.body.code]).toEqual([403, 'missing-role'])
  expect(role.body.roles).toEqual(['support', 'administrator'])
})

test('a route without a policy does not start', async () => {
  const start = startService((app) => {
    app.get('/forgotten', { schema: { response } }, async () => ({ id: 'a', size: 1 }))
  })
  await expect(start).rejects.toThrow('GET /forgotten has no policy')
})
