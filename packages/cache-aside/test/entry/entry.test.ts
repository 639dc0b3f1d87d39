import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  decodeEntry,
  decodeValue,
  encodeEntry,
  encodeLease,
  encodeValue,
  hasToken,
  isLease,
  leaseEnd,
} from '#src/entry/entry.ts'
import { pack } from '#src/entry/packing.ts'

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

const text = JSON.stringify(
  Array.from({ length: 500 }, (_, number) => ({ number, text: 'azulejo and cork' })),
)

test('CA-29 what is packed comes back as it was, unpacked once for all readers of the same bytes', async () => {
  const payload = await pack(text)
  const bytes = encodeEntry({ token, payload, ...others })
  expect(bytes.length).toBeLessThan(text.length / 2)
  expect(decodeValue(bytes)).toBeUndefined() // to unpack takes time, and a thread
  const [one, two] = await Promise.all([decodeEntry(bytes, 2 ** 20), decodeEntry(bytes, 2 ** 20)])
  expect(one).toEqual({ value: JSON.parse(text), ...others, unpackedBytes: text.length })
  expect(two).toBe(one)
  expect(Object.isFrozen(one?.value)).toBe(true)
})

test('CA-29 what does not get much smaller is not packed', async () => {
  const noise = [...randomBytes(30_000)].map((byte) => String.fromCharCode(35 + (byte % 90))).join('')
  expect((await pack(JSON.stringify(noise))) === undefined).toBe(true)
})

test('CA-27 CA-29 packed bytes that are broken, and such as grow beyond measure, are no value', async () => {
  const payload = (await pack(text)) as Buffer
  const bytes = encodeEntry({ token, payload, ...others })
  const broken = Buffer.from(bytes)
  broken.fill(0xff, bytes.length - 40)
  const notJson = encodeEntry({ token, payload: await pack('{'.repeat(5000)), ...others })
  for (const each of [broken, bytes.subarray(0, bytes.length - 5), bytes.subarray(0, 43), notJson])
    expect(await decodeEntry(each, 2 ** 20)).toBeUndefined()
  const bomb = encodeEntry({ token, payload: await pack(`"${'a'.repeat(2 ** 24)}"`), ...others })
  expect(bomb.length).toBeLessThan(2 ** 12)
  expect(await decodeEntry(bomb, 2 ** 20)).toBeUndefined()
})

test('CA-27 entries that were stored before there was packing are read as ever', async () => {
  const head = 'VgABAgMEBQYHCAkKCwwNDg8AAAAAAAAABzE3NjQyMDg4NjAwMDAAAAAM'
  const stored = `${head}AAAAAgAA6mBBYkNkRWZHaElqS2xNbk9wUXJTdFV2eyJpZCI6ImEiLCJ0ZXh0Ijoib2zDoSJ9`
  const nothing = `${head}AQAAAgAA6mBBYkNkRWZHaElqS2xNbk9wUXJTdFV2`
  const facts = {
    ...{ version: 7, marks: 'AbCdEfGhIjKlMnOpQrStUv', loadedAt: 1764208800000 },
    ...{ freshUntil: 1764208860000, loadMilliseconds: 12 },
  }
  const read = (form: string) => decodeEntry(Buffer.from(form, 'base64'), 2 ** 20)
  expect(await read(stored)).toEqual({ value: { id: 'a', text: 'olá' }, ...facts })
  expect(await read(nothing)).toEqual({ value: undefined, ...facts })
})
