import { expect, test } from 'vitest'
import { checkRateLimit, type RateLimit, type RateLimitErrorCode } from '#src/index.ts'
import { eachAlgorithm, fixedWindow, slidingWindow, tokenBucket } from './fixtures.ts'

const year = 366 * 86_400_000

test.each<[RateLimitErrorCode, RateLimit[]]>([
  [
    'permits-invalid',
    [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e9 + 1].map((each) => fixedWindow(each)),
  ],
  ['window-invalid', [0, -1, 0.5, Number.NaN, year + 1].map((each) => slidingWindow(1, each))],
  ['segments-invalid', [0, 1.5, 101].map((each) => slidingWindow(1, 1000, each))],
  ['segments-invalid', [slidingWindow(1, 5)]],
  ['refill-invalid', [0, -1, 0.5, 1e9 + 1].map((each) => tokenBucket(1, 1000, each))],
  ['bucket-too-large', [tokenBucket(1e9, year)]],
])('GW-43 %s', (code, limits) => {
  for (const limit of limits) {
    expect(() => checkRateLimit(limit)).toThrow(expect.objectContaining({ name: 'RateLimitError', code }))
  }
})

test('GW-43 a possible limit passes', () => {
  for (const limit of [
    ...eachAlgorithm(1),
    fixedWindow(1, 1),
    fixedWindow(1e9, year),
    slidingWindow(1, 1, 1),
  ])
    expect(() => checkRateLimit(limit)).not.toThrow()
  checkRateLimit({ algorithm: 'sliding-window', permits: 1, windowMilliseconds: 1000 })
  checkRateLimit({ algorithm: 'token-bucket', permits: 1, windowMilliseconds: 1000 })
})
