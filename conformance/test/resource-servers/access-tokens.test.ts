import { createProofs, createTestIssuer, type TestIssuer } from '@alicerce/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Judged, startJudged } from '#src/platform/platform.ts'

const scope = 'openid orders:read users:read'
const names = ['gateway', 'order-service', 'user-service']
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const seconds = () => Math.floor(Date.now() / 1000)

let issuer: TestIssuer
let stranger: TestIssuer
let judged: Awaited<ReturnType<typeof startJudged>>
beforeAll(async () => {
  ;[issuer, stranger] = await Promise.all([createTestIssuer(), createTestIssuer()])
  judged = await startJudged(issuer.issuer)
})
afterAll(async () => {
  await judged.stop()
  await Promise.all([issuer.close(), stranger.close()])
})

const sign = (claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}) =>
  issuer.sign({ scope, ...claims }, header)

describe.each(names)('%s', (name) => {
  let server: Judged
  beforeAll(() => {
    server = judged.servers.find((each) => each.name === name) as Judged
  })

  const ask = (headers: Record<string, string>, path = '') => fetch(`${server.url}${path}`, { headers })
  async function withToken(token: string, scheme = 'Bearer') {
    const response = await ask({ authorization: `${scheme} ${token}` })
    await response.body?.cancel()
    return response
  }
  async function expectRefused(token: string, what: string) {
    const response = await withToken(token)
    expect(response.status, what).toBe(401)
    expect(response.headers.get('www-authenticate'), what).toContain('error="invalid_token"')
  }

  test('RS-01 the scheme is read in any case, and a token elsewhere is not read at all', async () => {
    const token = await sign()
    for (const scheme of ['Bearer', 'bearer', 'BEARER'])
      expect((await withToken(token, scheme)).status, scheme).toBe(200)
    expect((await ask({}, `?access_token=${token}`)).status).toBe(401)
    expect((await ask({ cookie: `access_token=${token}` })).status).toBe(401)
    expect((await ask({ authorization: `Basic ${token}` })).status).toBe(401)
  })

  test('RS-01 two ways at once are no request', async () => {
    const token = await sign()
    const response = await ask({ authorization: `Bearer ${token}, Bearer ${token}` })
    expect([400, 401]).toContain(response.status)
  })

  test('RS-02 the refusal says what is missing: nothing of an error without a token, the scope with a poor one', async () => {
    const without = await ask({})
    expect(without.status).toBe(401)
    expect(without.headers.get('www-authenticate')).toMatch(/^Bearer/)
    expect(without.headers.get('www-authenticate')).not.toContain('error')
    expect(without.headers.get('content-type')).toContain('application/problem+json')
    await expectRefused('made-up', 'garbage')
    const poor = await withToken(await issuer.sign({ scope: 'openid' }))
    expect(poor.status).toBe(403)
    expect(poor.headers.get('www-authenticate')).toMatch(/error="insufficient_scope".*scope="/)
  })

  test('RS-03 only the type at+jwt is an access token', async () => {
    for (const typ of ['at+jwt', 'AT+JWT', 'application/at+jwt'])
      expect((await withToken(await sign({}, { typ }))).status, typ).toBe(200)
    for (const typ of ['JWT', 'logout+jwt', 'dpop+jwt', undefined])
      await expectRefused(await sign({}, { typ }), String(typ))
  })

  test('RS-04 no unsigned token, none keyed with the public key, none under another algorithm', async () => {
    for (const alg of ['none', 'HS256']) await expectRefused(await sign({}, { alg }), alg)
    const [header, payload, signature] = (await sign()).split('.') as [string, string, string]
    const read = JSON.parse(Buffer.from(header, 'base64url').toString())
    for (const alg of ['RS256', 'ES384', 'es256', 'EdDSA', 'PS256'])
      await expectRefused(`${encode({ ...read, alg })}.${payload}.${signature}`, alg)
  })

  test('RS-05 no header brings a key along, and no kid leads anywhere', async () => {
    const before = stranger.keySetRequests
    const jwk = stranger.keySet().keys[0]
    for (const header of [{ jku: stranger.jwksUri }, { x5u: stranger.jwksUri }, { jwk }, { x5c: ['MII'] }])
      await expectRefused(await issuer.forge({ scope }, header), JSON.stringify(Object.keys(header)))
    for (const kid of ['../../../etc/passwd', "' or 1=1 --", '__proto__', ''])
      await expectRefused(await issuer.forge({ scope }, { kid }), kid)
    expect(stranger.keySetRequests).toBe(before)
  })

  test('RS-07 another issuer and another audience are refused', async () => {
    await expectRefused(await stranger.sign({ scope }), 'another issuer')
    for (const iss of [`${issuer.issuer}/`, issuer.issuer.toUpperCase(), stranger.issuer])
      await expectRefused(await sign({ iss }), iss)
    for (const aud of ['urn:other', ['urn:other'], [], 'urn:alicerce:api:x'])
      await expectRefused(await sign({ aud }), JSON.stringify(aud))
    expect((await withToken(await sign({ aud: ['urn:other', 'urn:alicerce:api'] }))).status).toBe(200)
  })

  test('RS-08 what has expired, is not valid yet, or has no times, is refused', async () => {
    for (const claims of [
      { exp: seconds() - 20 },
      { nbf: seconds() + 60 },
      { iat: seconds() + 60 },
      { exp: undefined },
      { exp: '9999999999' },
      { exp: null },
    ])
      await expectRefused(await sign(claims), JSON.stringify(claims))
    expect((await withToken(await sign({ exp: seconds() - 5 }))).status).toBe(200)
  })

  test('RS-09 claims that are missing or of another type, and other spellings of a token, are refused', async () => {
    for (const name of ['sub', 'client_id', 'iat', 'jti'])
      for (const value of [undefined, null, '', {}])
        await expectRefused(await sign({ [name]: value }), `${name} ${value}`)
    const token = await sign()
    const [header, payload, signature] = token.split('.') as [string, string, string]
    const doubled = Buffer.from(payload, 'base64url').toString().replace('{', '{"sub":"somebody else",')
    for (const spelling of [
      `${token}.`,
      `${token}.x.y`,
      `${header}.${payload}.`,
      `${header}=.${payload}.${signature}`,
      `${header}.${Buffer.from(doubled).toString('base64url')}.${signature}`,
    ])
      await expectRefused(spelling, spelling.slice(-10))
  })

  test('RS-10 a token of more than 8 kB is refused', async () => {
    const response = await withToken(await sign({ filler: 'x'.repeat(9000) }))
    expect([401, 431]).toContain(response.status)
  })

  test('RS-12 identity headers of a client make nobody of him', async () => {
    for (const name of [
      'x-user-id',
      'x-client-id',
      'x-user-roles',
      'x-forwarded-user',
      'x-authenticated-user',
    ])
      expect((await ask({ [name]: 'administrator' })).status, name).toBe(401)
  })

  test('RS-13 a token that is bound to a key is no bearer token, and one that is not is no other', async () => {
    const prove = await createProofs()
    await expectRefused(await sign({ cnf: { jkt: prove.thumbprint } }), 'bound')
    const token = await sign()
    const proof = await prove('GET', server.publicUrl, { ath: prove.ath(token) })
    expect((await ask({ authorization: `DPoP ${token}`, dpop: proof })).status).toBe(401)
  })

  test('RS-13 a bound token needs a proof of its key for this request, made now, and used once', async () => {
    const [prove, other] = [await createProofs(), await createProofs()]
    const token = await sign({ cnf: { jkt: prove.thumbprint } })
    const status = async (proof: string | Promise<string>) =>
      (await ask({ authorization: `DPoP ${token}`, dpop: await proof })).status
    const [url, ath] = [server.publicUrl, prove.ath(token)]
    const good = await prove('GET', url, { ath })
    expect(await status(good)).toBe(200)
    expect(await status(good), 'used').toBe(401)
    expect(await status(other('GET', url, { ath })), 'other key').toBe(401)
    expect(await status(other('GET', url, { ath }, { jwk: prove.jwk })), 'forged').toBe(401)
    expect(await status(prove('POST', url, { ath })), 'htm').toBe(401)
    expect(await status(prove('GET', `${url}/1`, { ath })), 'htu').toBe(401)
    expect(await status(prove('GET', url.replace('localhost', 'evil.example'), { ath })), 'htu').toBe(401)
    expect(await status(prove('GET', url, {})), 'ath').toBe(401)
    expect(await status(prove('GET', url, { ath: prove.ath('another') })), 'ath').toBe(401)
    expect(await status(prove('GET', url, { ath, iat: seconds() - 120 })), 'stale').toBe(401)
    expect(await status(prove('GET', url, { ath, iat: seconds() + 120 })), 'of the future').toBe(401)
    const refusal = await ask({ authorization: `DPoP ${token}` })
    expect(refusal.status).toBe(401)
    expect(refusal.headers.get('www-authenticate')).toMatch(/^DPoP error="invalid_dpop_proof", algs="ES256/)
  })

  test('RS-13 of many requests with one proof at the same time one is answered', async () => {
    const prove = await createProofs()
    const token = await sign({ cnf: { jkt: prove.thumbprint } })
    const dpop = await prove('GET', server.publicUrl, { ath: prove.ath(token) })
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => ask({ authorization: `DPoP ${token}`, dpop })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(401)])
  })

  test('RS-16 a machine has no place where people have theirs', async () => {
    const response = await withToken(await sign({ sub: 'office', client_id: 'office' }))
    expect(response.status).toBe(403)
  })

  test('RS-15 a refusal does not repeat the token', async () => {
    const token = await issuer.forge({ scope })
    const response = await ask({ authorization: `Bearer ${token}` })
    const told = `${await response.text()}${JSON.stringify([...response.headers])}`
    expect(told).not.toContain(token.split('.')[1])
    const metrics = await (await fetch(`${server.adminUrl}/metrics`)).text()
    expect(metrics).not.toContain(token.split('.')[2])
  })
})
