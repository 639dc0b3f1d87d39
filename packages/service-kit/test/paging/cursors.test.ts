import { expect, test } from 'vitest'
import { createCursors, toPage } from '#src/index.ts'

const cursors = createCursors({ secret: 'postgres://a:b@c/d' })
const filter = { status: 'paid', search: undefined }

test('a cursor gives its position back, for the same filter in any order', () => {
  const cursor = cursors.write(filter, ['2026-01-01', 'id-7'])
  expect(cursors.read({ status: 'paid' }, cursor)).toEqual(['2026-01-01', 'id-7'])
  expect(cursors.read(filter, undefined)).toBeUndefined()
})

test('SV-18 a changed cursor, one of another filter, another service or none at all → 400', () => {
  const cursor = cursors.write(filter, ['id-7'])
  const foreign = createCursors({ secret: 'other' }).write(filter, ['id-7'])
  const changed = `${cursor.slice(0, -2)}${cursor.endsWith('AA') ? 'BB' : 'AA'}`
  for (const bad of [changed, foreign, '', 'x', 'not base64url!'])
    expect(() => cursors.read(filter, bad), bad).toThrow(expect.objectContaining({ status: 400 }))
  expect(() => cursors.read({ status: 'placed' }, cursor)).toThrow(expect.objectContaining({ status: 400 }))
})

test('the surplus row tells that there is a next page', () => {
  expect(toPage([1, 2, 3], 2, String)).toEqual({ items: [1, 2], nextCursor: '2' })
  expect(toPage([1, 2], 2, String)).toEqual({ items: [1, 2], nextCursor: null })
  expect(toPage([], 2, String)).toEqual({ items: [], nextCursor: null })
})
