import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeValue, encodeLease, encodeValue, hasToken, isLease, leaseEnd } from '#src/entry/entry.ts'

const token = randomBytes(16)
const freshUntil = 1_893_456_000_123
const loadedAt = freshUntil - 60_000
const times = { loadedAt, freshUntil, loadMilliseconds: 1 }

test('every value made of JSON comes back as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const bytes = encodeValue({ token, value, ...times })
      const plain = JSON.parse(JSON.stringify(value))
      expect(decodeValue(bytes)).toEqual({ value: plain, ...times })
      expect(hasToken(bytes, token)).toBe(true)
    }),
  )
})

test('CA-05 nothing and null are two things', () => {
  const bytes = (value: unknown) => encodeValue({ token, value, ...times })
  expect(decodeValue(bytes(undefined))).toEqual({ value: undefined, ...times })
  expect(decodeValue(bytes(null))).toEqual({ value: null, ...times })
})

test('the layout is the one that the scripts read', () => {
  const bytes = encodeValue({ token, value: 'x', ...times, loadMilliseconds: 258 })
  expect(bytes.toString('latin1', 0, 1)).toBe('V')
  expect(bytes.subarray(1, 17)).toEqual(token)
  expect(bytes.subarray(17, 25)).toEqual(Buffer.alloc(8))
  expect(bytes.toString('latin1', 25, 38)).toBe('1893456000123')
  expect(bytes.readUInt32BE(38)).toBe(258)
  expect(bytes.readUInt32BE(46)).toBe(60_000)
  const lease = encodeLease(token, freshUntil)
  expect([lease.toString('latin1', 0, 1), lease.length]).toEqual(['L', 38])
  expect([isLease(lease), leaseEnd(lease), hasToken(lease, token)]).toEqual([true, freshUntil, true])
})

test('CA-27 bytes of any other form are no value, and throw nothing', () => {
  const good = encodeValue({ token, value: { a: 1 }, ...times })
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
    altered(45, 1), // tags of later times
  ])
    expect(decodeValue(bytes)).toBeUndefined()
})
