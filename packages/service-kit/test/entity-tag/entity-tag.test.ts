import { expect, test } from 'vitest'
import { ifMatch } from '#src/index.ts'

const condition = (header?: string) => ifMatch({ headers: header ? { 'if-match': header } : {} })

test('SV-07 without If-Match → 428', () => {
  expect(() => condition()).toThrow(expect.objectContaining({ status: 428 }))
})

test('SV-08 If-Match matches by strong comparison, in a list or by *', () => {
  expect(condition('"3"').matches(3)).toBe(true)
  expect(condition('"1", "3"').matches(3)).toBe(true)
  expect(condition('*').matches(3)).toBe(true)
  expect(condition('W/"3"').matches(3)).toBe(false)
  expect(condition('3').matches(3)).toBe(false)
  expect(() => condition('"2"').verify(3)).toThrow(
    expect.objectContaining({ status: 412, headers: { etag: '"3"' } }),
  )
})
