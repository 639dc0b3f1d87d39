import { createProofs } from '@alicerce/testing'
import { expect, test } from 'vitest'
import { createAuthenticator } from '#src/index.ts'
import { outcome, setUp } from '../fixtures.ts'

const api = 'https://shop.example/api'

/** Somebody with a token that is bound to his key, on a clock that stands still. */
async function bound(algorithm?: 'EdDSA' | 'PS256') {
  const parts = await setUp()
  const prove = await createProofs(algorithm)
  const token = await parts.issuer.sign({ cnf: { jkt: prove.thumbprint } })
  const usual = () => ({ iat: parts.now(), ath: prove.ath(token) })
  const proof = (claims = {}, header = {}) => prove('GET', `${api}/orders`, { ...usual(), ...claims }, header)
  const ask = (sent: string, { url = '/orders?page=2', method = 'GET' } = {}) =>
    outcome(() => parts.authenticate(`DPoP ${token}`, { method, url, proof: sent }))
  return { ...parts, prove, token, proof, ask, usual }
}

test.each([undefined, 'EdDSA', 'PS256'] as const)(
  'RS-13 takes a bound token with a proof of its key (%s)',
  async (algorithm) => {
    const { proof, ask } = await bound(algorithm)
    expect(await ask(await proof())).toBe('accepted')
    expect(await ask(await proof()), 'the remembered key').toBe('accepted')
    expect(await ask(await proof(), { url: 'http://evil.example/orders' }), 'absolute form').toBe('accepted')
    expect(await ask(await proof({ htu: 'HTTPS://SHOP.example:443/api/orders#x' }))).toBe('accepted')
  },
)

test('RS-13 refuses a bound token as Bearer, without a proof, with two, and an unbound token as DPoP', async () => {
  const { issuer, authenticate, token, proof, ask, parts } = await bound()
  expect(await outcome(() => authenticate(`Bearer ${token}`, { proof: 'x' }))).toBe('token-bound')
  expect(await ask('')).toBe('proof-missing')
  const unbound = await issuer.sign()
  expect(await outcome(async () => authenticate(`DPoP ${unbound}`, { proof: await proof() }))).toBe(
    'token-unbound',
  )
  const rawHeaders = ['Authorization', `DPoP ${token}`, 'DPoP', await proof(), 'dpop', await proof()]
  const twice = { method: 'GET', url: '/orders', rawHeaders }
  expect(await outcome(() => createAuthenticator(parts).authenticate(twice))).toBe('proof-invalid')
})

test('RS-13 refuses a proof for another method, address, token or time, and one that says too little', async () => {
  const { proof, ask, prove, now } = await bound()
  for (const claims of [
    ...[{ htm: 'POST' }, { htm: 'get' }, { htm: undefined }],
    ...[{ htu: `${api}/orders/1` }, { htu: 'https://evil.example/api/orders' }, { htu: '/orders' }],
    ...[{ htu: 'https://shop.example/orders' }, { htu: undefined }],
    ...[{ ath: prove.ath('another') }, { ath: undefined }],
    ...[{ iat: now() - 76 }, { iat: now() + 16 }, { iat: undefined }, { iat: `${now()}` }],
    ...[{ jti: undefined }, { jti: '' }, { jti: 1 }, { jti: 'x'.repeat(257) }],
  ])
    expect(await ask(await proof(claims)), JSON.stringify(claims)).toBe('proof-invalid')
  expect(await ask(await proof({ iat: now() - 74 }))).toBe('accepted')
})

test('RS-13 refuses a proof of another key, of another type, and one that shows a private key', async () => {
  const { proof, ask, prove, usual } = await bound()
  const other = await createProofs()
  const foreign = await other('GET', `${api}/orders`, usual())
  expect(await ask(foreign)).toBe('proof-invalid')
  expect(await ask(await other('GET', `${api}/orders`, usual(), { jwk: prove.jwk })), 'forged').toBe(
    'proof-invalid',
  )
  for (const header of [
    ...[{ typ: 'JWT' }, { typ: 'at+jwt' }, { typ: undefined }],
    ...[{ jwk: undefined }, { jwk: prove.privateJwk }, { jwk: { kty: 'oct', k: 'c2VjcmV0' } }],
  ])
    expect(await ask(await proof({}, header)), JSON.stringify(header)).toBe('proof-invalid')
  const [header, payload, signature] = (await proof()).split('.') as [string, string, string]
  const read = JSON.parse(Buffer.from(header, 'base64url').toString())
  for (const alg of ['none', 'HS256', 'RS256', 'PS256']) {
    const forged = Buffer.from(JSON.stringify({ ...read, alg })).toString('base64url')
    expect(await ask(`${forged}.${payload}.${signature}`), alg).toBe('proof-invalid')
  }
  expect(await ask('garbage')).toBe('proof-invalid')
})

test('RS-13 takes a proof once, while it could be accepted', async () => {
  const { proof, ask, clock } = await bound()
  const [first, second] = [await proof(), await proof()]
  const answers = await Promise.all([first, first, first, second].map((sent) => ask(sent)))
  expect(answers.sort()).toEqual(['accepted', 'accepted', 'proof-used', 'proof-used'])
  clock.advance(60_000)
  expect(await ask(first)).toBe('proof-used')
  clock.advance(40_000)
  expect(await ask(first)).toBe('proof-invalid')
})

test('RS-13 two resource servers each take the same proof once', async () => {
  const { parts, token, proof } = await bound()
  const rawHeaders = ['Authorization', `DPoP ${token}`, 'DPoP', await proof()]
  const ask = (name: string) =>
    outcome(() =>
      createAuthenticator({ ...parts, name }).authenticate({ method: 'GET', url: '/orders', rawHeaders }),
    )
  expect([await ask('gateway'), await ask('orders'), await ask('orders')]).toEqual([
    ...['accepted', 'accepted', 'proof-used'],
  ])
})
