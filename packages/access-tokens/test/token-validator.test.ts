import { expect, test } from 'vitest'
import { createTokenValidator } from '#src/index.ts'
import { outcome, setUp } from './fixtures.ts'

test.each(['ES256', 'RS256'] as const)(
  'accepts an access token signed with %s and reads its claims once',
  async (algorithm) => {
    const { issuer, validator } = await setUp({ algorithm })
    const token = await issuer.sign({ scope: 'orders:read orders:write', sid: 's', gid: 'g' })
    const sources: string[] = []
    const claims = await validator.validate(token, (source) => sources.push(source))
    expect([...claims.scopes]).toEqual(['orders:read', 'orders:write'])
    expect(claims).toMatchObject({ client_id: 'web', roles: ['customer'], sid: 's', gid: 'g' })
    expect(validator.validate(token, (source) => sources.push(source))).toBe(claims)
    expect(sources).toEqual(['verified', 'remembered'])
  },
)

test.each([
  ['JWT', 'token-type'],
  ['logout+jwt', 'token-type'],
  [undefined, 'token-type'],
  ['AT+JWT', 'accepted'],
  ['application/at+jwt', 'accepted'],
])('RS-03 holds the type %s to be %s', async (typ, expected) => {
  const { issuer, validator } = await setUp()
  const token = await issuer.sign({}, { typ })
  expect(await outcome(() => validator.validate(token))).toBe(expected)
})

test.each(['none', 'HS256', 'RS256', 'ES384', 'es256'])('RS-04 refuses algorithm %s', async (alg) => {
  const { issuer, validator } = await setUp()
  const [header, payload, signature] = (await issuer.sign()).split('.') as [string, string, string]
  const changed = { ...JSON.parse(Buffer.from(header, 'base64url').toString()), alg }
  const relabelled = `${encode(changed)}.${payload}.${signature}`
  expect(await outcome(() => validator.validate(relabelled))).toBe('token-algorithm')
  if (alg !== 'none' && alg !== 'HS256') return
  const made = await issuer.sign({}, { alg })
  expect(await outcome(() => validator.validate(made))).toMatch(/token-(algorithm|malformed)/)
})

test('RS-05 refuses crit, and a forged signature under a published key id', async () => {
  const { issuer, validator } = await setUp()
  const forged = await issuer.forge()
  expect(await outcome(() => validator.validate(forged))).toBe('token-signature')
  const critical = await withHeader(issuer, { crit: ['exp'] })
  expect(await outcome(() => validator.validate(critical))).toBe('token-malformed')
})

test('RS-05 asks nobody but the issuer for keys, whatever jku, jwk or kid says', async () => {
  const { issuer, validator } = await setUp()
  const header = { jku: 'http://127.0.0.1:1/', x5u: 'http://127.0.0.1:1/', jwk: issuer.keySet().keys[0] }
  const token = await issuer.forge({}, header)
  expect(await outcome(() => validator.validate(token))).toBe('token-signature')
  for (const kid of ['../../etc/passwd', "' or 1=1 --", '__proto__', '']) {
    const odd = await issuer.forge({}, { kid })
    expect(await outcome(() => validator.validate(odd))).toBe('token-key')
  }
  expect(issuer.keySetRequests).toBe(2)
})

test('RS-07 refuses a token of another issuer, and one for another audience', async () => {
  const { issuer, validator } = await setUp()
  const check = async (claims: object) =>
    outcome(async () => validator.validate(await issuer.sign({ ...claims })))
  expect(await check({ iss: `${issuer.issuer}/` })).toBe('token-issuer')
  expect(await check({ aud: 'urn:other' })).toBe('token-audience')
  expect(await check({ aud: ['urn:other', 'urn:alicerce:api'] })).toBe('accepted')
  expect(await check({ aud: [] })).toBe('token-malformed')
})

test('RS-08 tolerates 15 seconds and no more', async () => {
  const { issuer, validator, now } = await setUp()
  const check = async (claims: object) =>
    outcome(async () => validator.validate(await issuer.sign({ ...claims })))
  expect(await check({ exp: now() - 14 })).toBe('accepted')
  expect(await check({ exp: now() - 15 })).toBe('token-expired')
  expect(await check({ nbf: now() + 15 })).toBe('accepted')
  expect(await check({ nbf: now() + 16 })).toBe('token-not-yet-valid')
  expect(await check({ iat: now() + 16 })).toBe('token-not-yet-valid')
  for (const exp of [undefined, null, '9999999999', -1, [now() + 300]]) {
    expect(await check({ exp })).toBe('token-malformed')
  }
})

test('RS-09 requires sub, client_id, iat and jti of the right type', async () => {
  const { issuer, validator } = await setUp()
  for (const name of ['sub', 'client_id', 'iat', 'jti']) {
    for (const value of [undefined, null, '', {}]) {
      const token = await issuer.sign({ [name]: value })
      expect(await outcome(() => validator.validate(token)), `${name} ${value}`).toBe('token-malformed')
    }
  }
})

test('RS-09 refuses doubled members, trailing parts, other spellings of base64url and encrypted tokens', async () => {
  const { issuer, validator } = await setUp()
  const token = await issuer.sign()
  const [header, payload, signature] = token.split('.') as [string, string, string]
  const doubled = Buffer.from(header, 'base64url').toString().replace('{', '{"alg":"none",')
  const bent =
    signature.slice(0, -1) + (signature.endsWith('A') ? 'B' : nextLetter(signature.at(-1) as string))
  const shapes = [
    `${Buffer.from(doubled).toString('base64url')}.${payload}.${signature}`,
    `${token}.`,
    `${token}.x.y`,
    `${header}.${payload}.`,
    `${header}.${payload}`,
    `${header}=.${payload}.${signature}`,
    `${header}.${payload}.${bent}`,
    `${token}\n`,
    '',
    '..',
  ]
  for (const shape of shapes)
    expect(await outcome(() => validator.validate(shape)), shape).toBe('token-malformed')
})

test('RS-10 refuses a token over 8 kB before it looks for its key', async () => {
  const { issuer, keySet } = await setUp()
  const asked: string[] = []
  const find = (kid: string) => {
    asked.push(kid)
    return keySet.find(kid)
  }
  const counting = { ...keySet, find }
  const validator = createTokenValidator({
    issuer: issuer.issuer,
    audience: 'urn:alicerce:api',
    keySet: counting,
  })
  const token = await issuer.sign({ note: 'x'.repeat(8000) })
  expect(await outcome(() => validator.validate(token))).toBe('token-malformed')
  expect(asked).toEqual([])
})

test('RS-13 tells the key that a token is bound to, and refuses a binding that it does not know', async () => {
  const { issuer, validator } = await setUp()
  expect(await validator.validate(await issuer.sign({ cnf: { jkt: 'thumb' } }))).toMatchObject({
    jkt: 'thumb',
  })
  for (const cnf of [{ 'x5t#S256': 'a' }, { jkt: 'thumb', 'x5t#S256': 'a' }, { jkt: 1 }, {}, null, 'thumb']) {
    const token = await issuer.sign({ cnf })
    expect(await outcome(() => validator.validate(token)), JSON.stringify(cnf)).toBe('token-bound')
  }
})

test('a remembered token dies with its expiry, and with its key', async () => {
  const { issuer, validator, clock, keySet } = await setUp()
  const token = await issuer.sign()
  await validator.validate(token)
  clock.advance(299_000)
  expect(await outcome(() => validator.validate(token))).toBe('accepted')
  clock.advance(16_000)
  expect(await outcome(() => validator.validate(token))).toBe('token-expired')

  const other = await issuer.sign()
  await validator.validate(other)
  await issuer.rotate({ withdraw: true })
  await keySet.findFresh('whatever')
  expect(await outcome(() => validator.validate(other))).toBe('token-key')
})

test('garbage pushes no good token out of the memory', async () => {
  const { issuer, keySet, clock } = await setUp()
  const validator = createTokenValidator({
    ...{ issuer: issuer.issuer, audience: 'urn:alicerce:api', keySet, clock, remembered: 2 },
  })
  const good = await issuer.sign()
  await validator.validate(good)
  for (let count = 0; count < 5; count++) {
    const bad = await issuer.forge()
    expect(await outcome(() => validator.validate(bad))).toBe('token-signature')
  }
  const sources: string[] = []
  await validator.validate(good, (source) => sources.push(source))
  expect(sources).toEqual(['remembered'])
})

test('GW-64 the memory of tokens tells what it knew, what it did not, and what it had no room for', async () => {
  const { issuer, keySet, clock } = await setUp()
  const validator = createTokenValidator({
    ...{ issuer: issuer.issuer, audience: 'urn:alicerce:api', keySet, clock, remembered: 4 },
  })
  expect(validator.memory()).toEqual({ hits: 0, misses: 0, evictions: 0, size: 0 })
  const tokens = await Promise.all(Array.from({ length: 6 }, () => issuer.sign()))
  const [first] = tokens as [string, ...string[]]
  for (const token of tokens.slice(0, 3)) await validator.validate(token)
  await outcome(async () => validator.validate(await issuer.forge()))
  expect(validator.memory()).toEqual({ hits: 0, misses: 4, evictions: 0, size: 3 })

  // It moves to the younger generation, so only the other of the older one is lost.
  await validator.validate(first)
  expect(validator.memory()).toMatchObject({ hits: 1, evictions: 0, size: 3 })
  await validator.validate(tokens[3] as string)
  expect(validator.memory()).toEqual({ hits: 1, misses: 5, evictions: 1, size: 3 })

  clock.advance(316_000)
  expect(await outcome(() => validator.validate(first))).toBe('token-expired')
  expect(validator.memory()).toEqual({ hits: 1, misses: 6, evictions: 1, size: 2 })
})

test('RS-15 no refusal repeats any part of the token', async () => {
  const { issuer, validator } = await setUp()
  const tokens = [await issuer.forge(), await issuer.sign({ exp: 1 }), await issuer.sign({}, { typ: 'JWT' })]
  for (const token of tokens) {
    const error = await Promise.try(() => validator.validate(token)).catch((reason) => reason)
    for (const part of token.split('.')) expect(`${error.message}${error.stack}`).not.toContain(part)
  }
})

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const nextLetter = (letter: string) => String.fromCharCode(letter.charCodeAt(0) + 1)

async function withHeader(
  issuer: Awaited<ReturnType<typeof setUp>>['issuer'],
  more: object,
): Promise<string> {
  const [header, payload, signature] = (await issuer.sign()).split('.') as [string, string, string]
  return `${encode({ ...JSON.parse(Buffer.from(header, 'base64url').toString()), ...more })}.${payload}.${signature}`
}
