import { expect, test } from 'vitest'
import { createConcurrencyLimiter, type Decision, rateLimitHeaders } from '#src/index.ts'
import { fixedWindow, minute, tokenBucket } from './fixtures.ts'

const decision = (more: Partial<Decision> = {}): Decision => ({
  allowed: true,
  limit: fixedWindow(100),
  remaining: 50,
  retryAfterMilliseconds: 0,
  resetMilliseconds: 29_001,
  source: 'shared',
  ...more,
})

test('GW-43 an admitted request is told the policy, what is left, and for how long', () => {
  expect(rateLimitHeaders(decision(), 'burst')).toEqual({
    'RateLimit-Policy': '"burst";q=100;w=60',
    RateLimit: '"burst";r=50;t=30',
  })
})

test('GW-43 a refused one is told when to come back, rounded up, and Retry-After is not before the end of the effective window', () => {
  const refused = decision({
    allowed: false,
    remaining: 0,
    retryAfterMilliseconds: 1,
    resetMilliseconds: 9000,
  })
  expect(rateLimitHeaders(refused, 'burst')).toEqual({
    'RateLimit-Policy': '"burst";q=100;w=60',
    RateLimit: '"burst";r=0;t=1',
    'Retry-After': '1',
  })
})

test('GW-43 a bucket tells in what time it is full again, and no window is of no seconds', () => {
  const policy = (limit: Decision['limit']) => rateLimitHeaders(decision({ limit }), 'p')['RateLimit-Policy']
  expect(policy(tokenBucket(100, minute, 10))).toBe('"p";q=100;w=600')
  expect(policy({ algorithm: 'token-bucket', permits: 100, windowMilliseconds: minute })).toBe(
    '"p";q=100;w=60',
  )
  expect(policy(fixedWindow(5, 20))).toBe('"p";q=5;w=1')
})

test('GW-45 the policy stays that of the limit while an instance counts alone; where nobody counts, nothing is said to be left', () => {
  expect(rateLimitHeaders(decision({ source: 'local', remaining: 3 }), 'p').RateLimit).toBe('"p";r=3;t=30')
  expect(rateLimitHeaders(decision({ source: 'open' }), 'p')).toEqual({
    'RateLimit-Policy': '"p";q=100;w=60',
  })
})

test('GW-43 a limit of concurrency tells its unit, and nobody knows when to come back', () => {
  const { enter } = createConcurrencyLimiter()
  const limit = { algorithm: 'concurrency', permits: 1 } as const
  expect(rateLimitHeaders(enter(limit, 'a'), 'p')).toEqual({
    'RateLimit-Policy': '"p";q=1;qu="concurrent-requests"',
    RateLimit: '"p";r=0',
  })
  expect(rateLimitHeaders(enter(limit, 'a'), 'p')).not.toHaveProperty('Retry-After')
})

test('GW-43 a name is quoted, and one that could begin another field is refused', () => {
  expect(rateLimitHeaders(decision(), 'a "b" \\')['RateLimit-Policy']).toBe('"a \\"b\\" \\\\";q=100;w=60')
  for (const name of ['a\r\nSet-Cookie: x', 'é', '\u0000', '\u007f']) {
    expect(() => rateLimitHeaders(decision(), name)).toThrow(
      expect.objectContaining({ code: 'policy-name-invalid' }),
    )
  }
})
