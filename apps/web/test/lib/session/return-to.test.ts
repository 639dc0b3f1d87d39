import { expect, test } from 'vitest'
import { safeReturnTo } from '#src/lib/session/return-to.ts'

const origin = 'https://app.test'

test.each(['/', '/orders?status=paid#top', '/shop/a%2Fb'])('SPA-06 %s is a place to come back to', (path) => {
  expect(safeReturnTo(path, origin)).toBe(path)
})

test.each([
  '//evil.test',
  '/\\evil.test',
  '/\t/evil.test',
  '/a/..//evil.test',
  'https://evil.test/',
  'javascript:alert(1)',
  'orders',
  '/auth/callback?code=1',
  '/signed-out',
  '',
  undefined,
])('SPA-06 %s leads to the first page', (path) => {
  expect(safeReturnTo(path, origin)).toBe('/')
})
