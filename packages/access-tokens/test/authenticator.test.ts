import { expect, test } from 'vitest'
import {
  AccessTokenError,
  type AccessTokenErrorCode,
  authorizationValues,
  bearerToken,
  evaluatePolicy,
  wwwAuthenticate,
} from '#src/index.ts'
import { outcome, setUp } from './fixtures.ts'

test('RS-01 takes a token from one Authorization: Bearer header only', async () => {
  expect(bearerToken('Bearer a.b.c')).toBe('a.b.c')
  expect(bearerToken('bEARER a.b.c')).toBe('a.b.c')
  const code = (value: string | string[] | undefined) => outcome(() => bearerToken(value))
  expect(await code(undefined)).toBe('token-missing')
  expect(await code('Basic YTpi')).toBe('token-missing')
  expect(await code('DPoP a.b.c')).toBe('token-missing')
  expect(await code('Bearer a.b.c, Bearer d.e.f')).toBe('token-malformed')
  expect(await code(['Bearer a', 'Bearer a'])).toBe('request-ambiguous')
  expect(
    authorizationValues(['Host', 'authorization', 'AUTHORIZATION', 'Bearer a', 'authorization', 'b']),
  ).toEqual([...['Bearer a', 'b']])
})

test('RS-02 challenges as RFC 6750 says', () => {
  const challenge = (code: AccessTokenErrorCode) => wwwAuthenticate(new AccessTokenError(code, ''))
  expect(challenge('token-missing')).toBe('Bearer')
  expect(challenge('token-expired')).toBe('Bearer error="invalid_token"')
  expect(challenge('request-ambiguous')).toBe('Bearer error="invalid_request"')
  expect(challenge('keys-unavailable')).toBeUndefined()
  const denial = { allowed: false, reason: 'insufficient_scope', scope: 'orders:read orders:write' } as const
  expect(wwwAuthenticate(denial)).toBe('Bearer error="insufficient_scope", scope="orders:read orders:write"')
  expect(new AccessTokenError('keys-unavailable', '').status).toBe(503)
  expect(new AccessTokenError('request-ambiguous', '').status).toBe(400)
  expect(new AccessTokenError('token-revoked', '').status).toBe(401)
})

test.each([
  ['session', 'sid', 'session-1'],
  ['grant', 'gid', 'grant-1'],
  ['token', 'jti', 'token-1'],
  ['subject', 'sub', 'person-1'],
] as const)(
  'RS-14 refuses at once a token whose %s was revoked, remembered or not',
  async (kind, claim, value) => {
    const { issuer, authenticate, feed, now } = await setUp()
    const token = await issuer.sign({ [claim]: value })
    const bystander = await issuer.sign({ [claim]: `${value}0` })
    await authenticate(`Bearer ${token}`)
    await feed.publish({ kind, value, issuedBefore: now(), expiresAt: now() + 300 })
    expect(await outcome(() => authenticate(`Bearer ${token}`))).toBe('token-revoked')
    expect(await outcome(() => authenticate(`Bearer ${bystander}`))).toBe('accepted')
    const later = await issuer.sign({ [claim]: value, iat: now() + 1 })
    expect(await outcome(() => authenticate(`Bearer ${later}`))).toBe('accepted')
  },
)

test('RS-16 a policy for people refuses a client that acts for itself', async () => {
  const { issuer, authenticate } = await setUp()
  const machine = await authenticate(`Bearer ${await issuer.sign({ sub: 'web', scope: 'a' })}`)
  expect(evaluatePolicy({ user: true, scopes: ['a'] }, machine)).toEqual({
    allowed: false,
    reason: 'user-required',
  })
  expect(evaluatePolicy({ scopes: ['a'] }, machine)).toEqual({ allowed: true })
})

test('a policy asks all scopes and any role', async () => {
  const { issuer, authenticate } = await setUp()
  const claims = await authenticate(`Bearer ${await issuer.sign({ scope: 'a b', roles: ['support'] })}`)
  expect(evaluatePolicy({ scopes: ['a', 'b'], roles: ['administrator', 'support'] }, claims).allowed).toBe(
    true,
  )
  expect(evaluatePolicy({ scopes: ['a', 'c'] }, claims)).toEqual({
    ...{ allowed: false, reason: 'insufficient_scope', scope: 'a c' },
  })
  expect(evaluatePolicy({ roles: ['administrator'] }, claims)).toEqual({
    ...{ allowed: false, reason: 'missing-role', roles: ['administrator'] },
  })
  expect(evaluatePolicy({}, claims).allowed).toBe(true)
})
