/** How many slots the keys of a cluster are spread over. */
export const slotCount = 16_384

/** The slot of a key: of its hash tag, if it has one (Redis Cluster specification, "Hash tags"). */
export function slotOf(key: string): number {
  const open = key.indexOf('{')
  const close = open < 0 ? -1 : key.indexOf('}', open + 1)
  const hashed = close > open + 1 ? key.slice(open + 1, close) : key
  let checksum = 0
  for (let index = 0; index < hashed.length; index++) {
    // Keys are ASCII (key/keys.ts): a letter is a byte.
    checksum = ((checksum << 8) & 0xffff) ^ (table[(checksum >> 8) ^ hashed.charCodeAt(index)] as number)
  }
  return checksum % slotCount
}

/** CRC16 of XMODEM: polynomial 0x1021, nothing reflected. */
const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte << 8
  for (let bit = 0; bit < 8; bit++) remainder = (remainder << 1) ^ (remainder & 0x8000 ? 0x1021 : 0)
  return remainder
})

const tags = new Map<number, string>()

/** A short text whose keys are in this slot when it is their hash tag. The same in every process. */
export function tagInSlot(slot: number): string {
  const known = tags.get(slot)
  if (known !== undefined) return known
  let number = 0
  while (slotOf(String(number)) !== slot) number++
  tags.set(slot, String(number))
  return String(number)
}
