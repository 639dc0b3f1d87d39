import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeValue, encodeLease, encodeValue, hasToken, isLease, leaseEnd } from '#src/entry/entry.ts'

const token = randomBytes(16)
const freshUntil = 1_893_456_000_123
const loadedAt = freshUntil - 60_000
const others = { version: 2 ** 53 - 1, marks: 'elevenchars', loadedAt, freshUntil, loadMilliseconds: 1 }

test('every value made of JSON comes back as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const bytes = encodeValue({ token, value, ...others })
      const plain = JSON.parse(JSON.stringify(value))
      expect(decodeValue(bytes)).toEqual({ value: plain, ...others })
      expect(hasToken(bytes, token)).toBe(true)
    }),
  )
})

test('CA-05 nothing and null are two things', () => {
  const bytes = (value: unknown) => encodeValue({ token, value, ...others })
  expect(decodeValue(bytes(undefined))).toEqual({ value: undefined, ...others })
  expect(decodeValue(bytes(null))).toEqual({ value: null, ...others })
})

test('the layout is the one that the scripts read', () => {
  const bytes = encodeValue({ token, value: 'x', ...others, loadMilliseconds: 258 })
  expect(bytes.toString('latin1', 0, 1)).toBe('V')
  expect(bytes.subarray(1, 17)).toEqual(token)
  expect(bytes.readBigUInt64BE(17)).toBe(2n ** 53n - 1n)
  expect(bytes.toString('latin1', 25, 38)).toBe('1893456000123')
  expect(bytes.readUInt32BE(38)).toBe(258)
  expect([bytes.readUInt16BE(44), bytes.readUInt32BE(46)]).toEqual([1, 60_000])
  expect(bytes.toString('latin1', 50)).toBe('elevenchars"x"')
  const lease = encodeLease(token, freshUntil)
  expect([lease.toString('latin1', 0, 1), lease.length]).toEqual(['L', 38])
  expect([isLease(lease), leaseEnd(lease), hasToken(lease, token)]).toEqual([true, freshUntil, true])
})

test('CA-27 bytes of any other form are no value, and throw nothing', () => {
  const good = encodeValue({ token, value: { a: 1 }, ...others })
  const altered = (at: number, byte: number) => {
    const bytes = Buffer.from(good)
    bytes[at] = byte
    return bytes
  }
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from('hello'),
    good.subarray(0, 40),
    good.subarray(0, good.length - 1),
    encodeLease(token, freshUntil),
    altered(42, 2), // a flag of later times
    altered(43, 1), // a codec of later times
    altered(45, 2), // more marks than there are
  ])
    expect(decodeValue(bytes)).toBeUndefined()
})
