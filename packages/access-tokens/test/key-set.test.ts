import { capturedLog, until } from '@alicerce/testing'
import { expect, test } from 'vitest'
import { createKeySet } from '#src/index.ts'
import { after, outcome, setUp } from './fixtures.ts'

test('RS-06 GW-37 asks at most once in 30 seconds for unknown keys, however many tokens name them', async () => {
  const { issuer, validator, clock } = await setUp()
  const attempt = async () =>
    outcome(async () => validator.validate(await issuer.sign({}, { kid: crypto.randomUUID() })))
  const flood = await Promise.all(Array.from({ length: 50 }, attempt))
  expect(new Set(flood)).toEqual(new Set(['token-key']))
  expect(issuer.keySetRequests).toBe(2)
  clock.advance(29_000)
  await attempt()
  expect(issuer.keySetRequests).toBe(2)
  clock.advance(1000)
  await attempt()
  expect(issuer.keySetRequests).toBe(3)
})

test('RS-06 GW-37 accepts the first token of a new key, and still those of the old one', async () => {
  const { issuer, validator } = await setUp()
  const before = await issuer.sign()
  await issuer.rotate()
  const now = await issuer.sign()
  expect(await outcome(() => validator.validate(now))).toBe('accepted')
  expect(await outcome(() => validator.validate(before))).toBe('accepted')
})

test('RS-06 GW-37 goes on with its keys while the issuer is down', async () => {
  const { issuer, validator, keySet, log } = await setUp()
  issuer.fail(true)
  await keySet.findFresh('unknown')
  expect(log.lines).toHaveLength(1)
  const token = await issuer.sign()
  expect(await outcome(() => validator.validate(token))).toBe('accepted')
})

test('RS-06 says that keys are unavailable when it never had any, and recovers by itself', async () => {
  const { issuer, validator, keySet } = await setUp({ started: false })
  issuer.fail(true)
  await keySet.start()
  const token = await issuer.sign()
  expect(keySet.isReady()).toBe(false)
  expect(await outcome(() => validator.validate(token))).toBe('keys-unavailable')
  issuer.fail(false)
  await until(() => keySet.isReady())
  expect(await outcome(() => validator.validate(token))).toBe('accepted')
})

test('RS-06 GW-37 drops a withdrawn key at the next refresh', async () => {
  const { issuer } = await setUp({ started: false })
  const keySet = createKeySet({ url: issuer.jwksUri, log: capturedLog(), refreshMilliseconds: 20 })
  after(() => keySet.close())
  await keySet.start()
  const kid = issuer.keySet().keys[0]?.kid as string
  expect(keySet.find(kid)).toBeDefined()
  await issuer.rotate({ withdraw: true })
  await until(() => keySet.find(kid) === undefined)
})

test('takes no key that is not for verifying, is too weak, or whose algorithm does not fit', async () => {
  const { issuer } = await setUp({ started: false })
  const [good] = issuer.keySet().keys
  const keys = [
    { ...good, kid: 'encryption', use: 'enc' },
    { ...good, kid: 'other-algorithm', alg: 'RS256' },
    { ...good, kid: 'broken', x: 'AA' },
    { kty: 'oct', kid: 'secret', k: 'AAAA' },
    good,
  ]
  const fetch = async () => Response.json({ keys })
  const keySet = createKeySet({ url: 'http://issuer/jwks', fetch, log: capturedLog() })
  after(() => keySet.close())
  await keySet.start()
  for (const kid of ['encryption', 'other-algorithm', 'broken', 'secret'])
    expect(keySet.find(kid)).toBeUndefined()
  expect(keySet.find(good?.kid as string)?.algorithm).toBe('ES256')
})
