import { deepFreeze } from './deep-freeze.ts'
import { unpack } from './packing.ts'

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
 * | 43 | codec: 0 = JSON, 1 = JSON packed by Brotli (packing.ts) |
 * | 44–45 | number of marks (marks.ts): of the namespace, then of each tag |
 * | 46–49 | how long it was to be fresh, milliseconds, big-endian: tells its age |
 * | 50… | marks of 11 letters each, then payload |
 *
 * The scripts of Redis read the first 38 bytes only. A change of this form goes with a new `entryFormat`, but not a new codec: who does not
 * know it takes the entry for unreadable, and loads.
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
const plainCodec = 0
const packedCodec = 1

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
  /** Of the payload, where it was packed. */
  unpackedBytes: number | undefined
  /** Under which the marks stand, in a class with tags of the value (marks/mark-keys.ts). */
  markKeys: readonly string[] | undefined
}

/** What an entry says, apart from its value. */
type Head = {
  token: Buffer
  version: number
  marks: string
  loadedAt: number
  freshUntil: number
  loadMilliseconds: number
}

/** Bytes of a value. `undefined` is remembered as such; `null` is an ordinary value. */
export const encodeValue = ({ value, ...head }: Head & { value: unknown }): Buffer =>
  encodeEntry({ ...head, payload: value === undefined ? undefined : JSON.stringify(value) })

/** The same from the value's JSON, as text or packed; `undefined`: the source had nothing. */
export function encodeEntry(entry: Head & { payload: string | Buffer | undefined }): Buffer {
  const { payload = '' } = entry
  const payloadAt = marksAt + entry.marks.length
  const bytes = Buffer.alloc(payloadAt + Buffer.byteLength(payload))
  bytes[0] = kindOfValue
  entry.token.copy(bytes, 1)
  encodeVersion(entry.version).copy(bytes, versionAt)
  bytes.write(digits(entry.freshUntil), endAt, 'latin1')
  bytes.writeUInt32BE(bounded(entry.loadMilliseconds), loadAt)
  bytes.writeUInt32BE(bounded(entry.freshUntil - entry.loadedAt), freshForAt)
  bytes[flagsAt] = entry.payload === undefined ? negative : 0
  bytes[codecAt] = typeof payload === 'string' ? plainCodec : packedCodec
  bytes.writeUInt16BE(entry.marks.length / markLength, countAt)
  bytes.write(entry.marks, marksAt, 'latin1')
  if (typeof payload === 'string') bytes.write(payload, payloadAt)
  else payload.copy(bytes, payloadAt)
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

/** Whether its JSON is packed. */
export const isPacked = (bytes: Buffer): boolean => bytes[codecAt] === packedCodec

/** What the bytes of a plain value say, deeply frozen; `undefined` if these are not a value of the form above. */
export function decodeValue(bytes: Buffer): Decoded | undefined {
  const head = decodeHead(bytes)
  if (!head || bytes[codecAt] !== plainCodec) return undefined
  return head.isNothing ? head.entry : withValue(head.entry, bytes, head.payloadAt)
}

/** The same of any value, packed or not. No more than `maximumBytes` are unpacked. Never rejects. */
export function decodeEntry(
  bytes: Buffer,
  maximumBytes: number,
): Decoded | undefined | Promise<Decoded | undefined> {
  if (!isPacked(bytes)) return decodeValue(bytes)
  const underWay = unpacking.get(bytes)
  if (underWay) return underWay
  const entry = decodePacked(bytes, maximumBytes)
  unpacking.set(bytes, entry)
  return entry
}

/** Reads of one turn get the same bytes, which are unpacked once for all of them. */
const unpacking = new WeakMap<Buffer, Promise<Decoded | undefined>>()

async function decodePacked(bytes: Buffer, maximumBytes: number): Promise<Decoded | undefined> {
  const head = decodeHead(bytes)
  if (!head || head.isNothing) return undefined
  try {
    const json = await unpack(bytes.subarray(head.payloadAt), maximumBytes)
    return withValue({ ...head.entry, unpackedBytes: json.length }, json, 0)
  } catch {
    return undefined
  }
}

function decodeHead(bytes: Buffer) {
  if (!isValue(bytes) || bytes.length < marksAt) return undefined
  const flags = bytes[flagsAt] as number
  const payloadAt = marksAt + bytes.readUInt16BE(countAt) * markLength
  if (flags > negative || bytes.length < payloadAt) return undefined
  const freshUntil = Number(bytes.toString('latin1', endAt, loadAt))
  const entry: Decoded = {
    value: undefined,
    version: versionOf(bytes),
    marks: bytes.toString('latin1', marksAt, payloadAt),
    freshUntil,
    loadMilliseconds: bytes.readUInt32BE(loadAt),
    loadedAt: freshUntil - bytes.readUInt32BE(freshForAt),
    unpackedBytes: undefined,
    markKeys: undefined,
  }
  return { entry, payloadAt, isNothing: flags === negative }
}

function withValue(entry: Decoded, bytes: Buffer, jsonAt: number): Decoded | undefined {
  try {
    entry.value = deepFreeze(JSON.parse(bytes.toString('utf8', jsonAt)))
    return entry
  } catch {
    return undefined
  }
}

/** The id of the entry: of these bytes, and of no others that this key ever has. A view of them. */
export const entryId = (bytes: Buffer): Buffer => bytes.subarray(1, 1 + tokenBytes)

const bounded = (milliseconds: number) => Math.min(Math.max(0, Math.round(milliseconds)), 0xffff_ffff)
const digits = (milliseconds: number) => String(Math.max(0, Math.round(milliseconds))).padStart(13, '0')
