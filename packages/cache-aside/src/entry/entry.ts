import { deepFreeze } from './deep-freeze.ts'

/**
 * The form of an entry: one string under one key.
 *
 * | bytes | |
 * |---|---|
 * | 0 | kind: `V` value, `L` lease, `T` tombstone |
 * | 1–16 | entry id: in `L` the token of this attempt, in `V` the token that filled it, in `T` any |
 * | 17–24 | version of the value (`V`), or the least that a load must reach (`L`, `T`): big-endian, 0 in classes without versions |
 * | 25–37 | end of the lease (`L`) or of freshness (`V`), zeros in `T`: 13 decimal digits, milliseconds since 1970 |
 * | 38–41 | `V` only, as all that follows: what the load took, milliseconds, big-endian |
 * | 42 | flags: 1 = the source had nothing |
 * | 43 | codec: 0 = JSON |
 * | 44–45 | number of marks (marks.ts): of the namespace, then of each tag |
 * | 46–49 | how long it was to be fresh, milliseconds, big-endian: tells its age |
 * | 50… | marks of 11 letters each, then payload |
 *
 * The scripts of Redis read the first 38 bytes only. A change of this form goes with a new `entryFormat`.
 */
export const entryFormat = 3

export const tokenBytes = 16
/** Letters in a mark (marks.ts). */
export const markLength = 11
const kindOfValue = 0x56
const kindOfLease = 0x4c
const kindOfTombstone = 0x54
const versionAt = 17
const endAt = 25
const loadAt = 38
const flagsAt = 42
const codecAt = 43
const countAt = 44
const freshForAt = 46
const marksAt = 50

const negative = 1

/** What a value entry says. `undefined` as value: the source had nothing. Times in milliseconds, since 1970 where they are moments. */
export type Decoded = {
  value: unknown
  /** 0 in classes without versions. */
  version: number
  /** One after the other. */
  marks: string
  freshUntil: number
  loadMilliseconds: number
  loadedAt: number
}

/** Bytes of a value. `undefined` is remembered as such; `null` is an ordinary value. */
export function encodeValue(entry: {
  token: Buffer
  value: unknown
  version: number
  marks: string
  loadedAt: number
  freshUntil: number
  loadMilliseconds: number
}): Buffer {
  const payload = entry.value === undefined ? '' : JSON.stringify(entry.value)
  const payloadAt = marksAt + entry.marks.length
  const bytes = Buffer.alloc(payloadAt + Buffer.byteLength(payload))
  bytes[0] = kindOfValue
  entry.token.copy(bytes, 1)
  encodeVersion(entry.version).copy(bytes, versionAt)
  bytes.write(digits(entry.freshUntil), endAt, 'latin1')
  bytes.writeUInt32BE(bounded(entry.loadMilliseconds), loadAt)
  bytes.writeUInt32BE(bounded(entry.freshUntil - entry.loadedAt), freshForAt)
  bytes[flagsAt] = entry.value === undefined ? negative : 0
  bytes.writeUInt16BE(entry.marks.length / markLength, countAt)
  bytes.write(entry.marks, marksAt, 'latin1')
  bytes.write(payload, payloadAt)
  return bytes
}

/** Bytes of a lease, for stores that make it themselves. */
export const encodeLease = (token: Buffer, leaseUntil: number, floor = 0): Buffer =>
  encodeHead(kindOfLease, token, floor, leaseUntil)

/** Bytes of a tombstone, for such stores too. */
export const encodeTombstone = (token: Buffer, floor: number): Buffer =>
  encodeHead(kindOfTombstone, token, floor, 0)

function encodeHead(kind: number, token: Buffer, floor: number, end: number): Buffer {
  const bytes = Buffer.alloc(loadAt)
  bytes[0] = kind
  token.copy(bytes, 1)
  encodeVersion(floor).copy(bytes, versionAt)
  bytes.write(digits(end), endAt, 'latin1')
  return bytes
}

/** Eight bytes, big-endian. */
export function encodeVersion(version: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(version))
  return bytes
}

export const decodeVersion = (bytes: Buffer, at = 0): number =>
  bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4)

export const isValue = (bytes: Buffer): boolean => bytes[0] === kindOfValue
export const isLease = (bytes: Buffer): boolean => bytes[0] === kindOfLease
/** Whether there is no value yet. */
export const isPlaceholder = (bytes: Buffer): boolean => isLease(bytes) || bytes[0] === kindOfTombstone
/** The version of a value, or the floor of a lease or a tombstone. */
export const versionOf = (bytes: Buffer): number =>
  bytes.length < endAt ? 0 : decodeVersion(bytes, versionAt)
export const hasToken = (bytes: Buffer, token: Buffer): boolean =>
  bytes.length > tokenBytes && bytes.compare(token, 0, tokenBytes, 1, 1 + tokenBytes) === 0
export const leaseEnd = (bytes: Buffer): number => Number(bytes.toString('latin1', endAt, loadAt))

/** The value, deeply frozen; `undefined` if these bytes are not a value of the form above. */
export function decodeValue(bytes: Buffer): Decoded | undefined {
  if (!isValue(bytes) || bytes.length < marksAt) return undefined
  const flags = bytes[flagsAt] as number
  if (flags > negative || bytes[codecAt] !== 0) return undefined
  const payloadAt = marksAt + bytes.readUInt16BE(countAt) * markLength
  if (bytes.length < payloadAt) return undefined
  const version = versionOf(bytes)
  const marks = bytes.toString('latin1', marksAt, payloadAt)
  const freshUntil = Number(bytes.toString('latin1', endAt, loadAt))
  const loadMilliseconds = bytes.readUInt32BE(loadAt)
  const loadedAt = freshUntil - bytes.readUInt32BE(freshForAt)
  if (flags === negative) return { value: undefined, version, marks, freshUntil, loadMilliseconds, loadedAt }
  try {
    const value = deepFreeze(JSON.parse(bytes.toString('utf8', payloadAt)))
    return { value, version, marks, freshUntil, loadMilliseconds, loadedAt }
  } catch {
    return undefined
  }
}

/** The id of the entry: of these bytes, and of no others that this key ever has. A view of them. */
export const entryId = (bytes: Buffer): Buffer => bytes.subarray(1, 1 + tokenBytes)

const bounded = (milliseconds: number) => Math.min(Math.max(0, Math.round(milliseconds)), 0xffff_ffff)
const digits = (milliseconds: number) => String(Math.max(0, Math.round(milliseconds))).padStart(13, '0')
