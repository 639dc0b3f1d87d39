import { expect, test } from 'vitest'
import { authorizationOf, readCredentials } from '#src/credentials.ts'
import {
  AccessTokenError,
  type AccessTokenErrorCode,
  createAuthenticator,
  evaluatePolicy,
  type Policy,
  wwwAuthenticate,
} from '#src/index.ts'
import { outcome, setUp } from './fixtures.ts'

test('RS-01 takes a token from one Authorization header only', async () => {
  const read = (...values: string[]) => {
    const headers = ['Host', 'authorization', ...values.flatMap((value) => ['AUTHORIZATION', value])]
    return readCredentials(authorizationOf(headers), headers)
  }
  expect(read('Bearer a.b.c')).toEqual({ scheme: 'Bearer', token: 'a.b.c', proofs: [] })
  expect(read('bEARER a.b.c').scheme).toBe('Bearer')
  expect(read('dpop a.b.c').scheme).toBe('DPoP')
  const code = (...values: string[]) => outcome(() => read(...values))
  expect(await code()).toBe('token-missing')
  expect(await code('Basic YTpi')).toBe('token-missing')
  expect(await code('Bearer a.b.c, Bearer d.e.f')).toBe('token-malformed')
  expect(await code('DPoP ')).toBe('token-malformed')
  expect(await code('Bearer a', 'Bearer a')).toBe('request-ambiguous')
})

test('RS-02 challenges as RFC 6750 says', () => {
  const bearer = ['Authorization', 'Bearer x']
  const challenge = (code: AccessTokenErrorCode, rawHeaders = bearer) =>
    wwwAuthenticate(new AccessTokenError(code, ''), rawHeaders)
  expect(challenge('token-missing')).toBe('Bearer, DPoP algs="ES256 EdDSA PS256"')
  expect(challenge('token-expired')).toBe('Bearer error="invalid_token"')
  expect(challenge('request-ambiguous')).toBe('Bearer error="invalid_request"')
  expect(challenge('keys-unavailable')).toBeUndefined()
  const denial = { allowed: false, reason: 'insufficient_scope', scope: 'orders:read orders:write' } as const
  expect(wwwAuthenticate(denial, bearer)).toBe(
    'Bearer error="insufficient_scope", scope="orders:read orders:write"',
  )
  const algorithms = 'algs="ES256 EdDSA PS256"'
  const proven = ['Authorization', 'DPoP x']
  expect(challenge('token-expired', proven)).toBe(`DPoP error="invalid_token", ${algorithms}`)
  expect(challenge('token-bound')).toBe(`Bearer error="invalid_token", DPoP ${algorithms}`)
  for (const code of ['proof-missing', 'proof-invalid', 'proof-used'] as const)
    expect(challenge(code, proven)).toBe(`DPoP error="invalid_dpop_proof", ${algorithms}`)
  expect(wwwAuthenticate(denial, proven)).toContain('DPoP error="insufficient_scope"')
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
  const { issuer, authenticate, now } = await setUp()
  const machine = await authenticate(`Bearer ${await issuer.sign({ sub: 'web', scope: 'a' })}`)
  expect(evaluatePolicy({ user: true, scopes: ['a'] }, machine, now())).toEqual({
    allowed: false,
    reason: 'user-required',
  })
  expect(evaluatePolicy({ scopes: ['a'] }, machine, now())).toEqual({ allowed: true })
})

test('a policy asks all scopes and any role', async () => {
  const { issuer, authenticate, now } = await setUp()
  const claims = await authenticate(`Bearer ${await issuer.sign({ scope: 'a b', roles: ['support'] })}`)
  expect(
    evaluatePolicy({ scopes: ['a', 'b'], roles: ['administrator', 'support'] }, claims, now()).allowed,
  ).toBe(true)
  expect(evaluatePolicy({ scopes: ['a', 'c'] }, claims, now())).toEqual({
    ...{ allowed: false, reason: 'insufficient_scope', scope: 'a c' },
  })
  expect(evaluatePolicy({ roles: ['administrator'] }, claims, now())).toEqual({
    ...{ allowed: false, reason: 'missing-role', roles: ['administrator'] },
  })
  expect(evaluatePolicy({}, claims, now()).allowed).toBe(true)
})

test('RS-13 a policy says whether a token has to be bound to a key, before anything else', async () => {
  const { issuer, authenticate, now } = await setUp()
  const plain = await authenticate(`Bearer ${await issuer.sign({ scope: 'a' })}`)
  const bound = { ...plain, jkt: 'thumbprint' }
  const decide = (policy: Policy, claims = plain) => evaluatePolicy(policy, claims, now())
  const required = { allowed: false, reason: 'proof-required' } as const
  const refused = { allowed: false, reason: 'proof-refused' } as const
  expect(decide({ proof: 'required', scopes: ['b'] })).toEqual(required)
  expect(decide({ proof: 'required', scopes: ['a'] }, bound)).toEqual({ allowed: true })
  expect(decide({ proof: 'refused', scopes: ['b'] }, bound)).toEqual(refused)
  expect(decide({ proof: 'refused', scopes: ['a'] })).toEqual({ allowed: true })
  for (const claims of [plain, bound]) expect(decide({}, claims)).toEqual({ allowed: true })
  const algorithms = 'algs="ES256 EdDSA PS256"'
  expect(wwwAuthenticate(required, ['Authorization', 'Bearer x'])).toBe(
    `DPoP error="invalid_token", ${algorithms}`,
  )
  expect(wwwAuthenticate(refused, ['Authorization', 'DPoP x'])).toBe('Bearer error="invalid_token"')
  const missing = new AccessTokenError('token-missing', '')
  expect(wwwAuthenticate(missing, [], { proof: 'required' })).toBe(`DPoP ${algorithms}`)
  expect(wwwAuthenticate(missing, [], { proof: 'refused' })).toBe('Bearer')
})

test('RS-17 a policy asks how recently and how strongly the person signed in', async () => {
  const { issuer, authenticate, now } = await setUp()
  const decide = async (policy: Policy, claims: object) =>
    evaluatePolicy(policy, await authenticate(`Bearer ${await issuer.sign({ ...claims })}`), now())
  const recent = { maximumAuthenticationAgeSeconds: 600 }
  const denial = { allowed: false, reason: 'insufficient_user_authentication' }
  expect(await decide(recent, { auth_time: now() - 600 })).toEqual({ allowed: true })
  expect(await decide(recent, { auth_time: now() - 601 })).toEqual({ ...denial, ...recent })
  expect(await decide(recent, { auth_time: undefined })).toEqual({ ...denial, ...recent })
  const strong = { acrValues: ['two'] }
  expect(await decide(strong, { acr: 'two' })).toEqual({ allowed: true })
  expect(await decide(strong, { acr: 'one' })).toEqual({ ...denial, ...strong })
  expect(await decide(strong, {})).toEqual({ ...denial, ...strong })
  expect(await decide({ ...recent, ...strong }, { acr: 'one' })).toEqual({ ...denial, ...recent, ...strong })
  expect(await decide({ ...recent, roles: ['support'] }, { auth_time: 1 })).toMatchObject({
    reason: 'missing-role',
  })
})

test('RS-17 the challenge names what the next sign-in has to meet', () => {
  const denial = { allowed: false, reason: 'insufficient_user_authentication' } as const
  const all = { ...denial, maximumAuthenticationAgeSeconds: 0, acrValues: ['two', 'three'] }
  expect(wwwAuthenticate(all, [])).toBe(
    'Bearer error="insufficient_user_authentication", acr_values="two three", max_age="0"',
  )
  expect(wwwAuthenticate({ ...denial, maximumAuthenticationAgeSeconds: 600 }, [])).toBe(
    'Bearer error="insufficient_user_authentication", max_age="600"',
  )
})

test('RS-14 while revocations may be missed, requests that only read are answered, and others are not', async () => {
  const { issuer, parts } = await setUp()
  let isCurrent = false
  const revocations = { isRevoked: () => false, isCurrent: () => isCurrent }
  const { authenticate } = createAuthenticator({ ...parts, revocations })
  const rawHeaders = ['Authorization', `Bearer ${await issuer.sign()}`]
  const ask = (method: string) => outcome(() => authenticate({ method, rawHeaders }))
  for (const method of ['GET', 'HEAD', 'OPTIONS']) expect(await ask(method)).toBe('accepted')
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'get', ''])
    expect(await ask(method), method).toBe('revocations-unknown')
  isCurrent = true
  expect(await ask('POST')).toBe('accepted')
  expect(new AccessTokenError('revocations-unknown', '').status).toBe(503)
  expect(wwwAuthenticate(new AccessTokenError('revocations-unknown', ''), [])).toBeUndefined()
})
