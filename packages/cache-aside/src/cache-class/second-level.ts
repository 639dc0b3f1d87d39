import { type Decoded, decodeValue, isLease } from '../entry/entry.ts'
import type { Placeholder } from '../first-level/first-level.ts'
import { discard } from '../flight/lease-flight.ts'
import { answeredUntil } from '../policy/freshness.ts'
import type { Policy } from '../policy/policy.ts'
import type { CacheParts } from './parts.ts'

/**
 * Asks the second level, and lets the first one keep what it says. Nothing else enters the first: only of what a plain GET or MGET
 * brought it is certain that every change after it is heard.
 */
export function createSecondLevel(parts: CacheParts, of: Policy) {
  const { store, firstLevel } = parts

  /** An entry, fresh or not; otherwise the key may be loaded. Bytes that say nothing are removed first. */
  function admit(
    placeholder: Placeholder,
    bytes: Buffer | undefined,
  ): Decoded | undefined | Promise<undefined> {
    const entry = bytes && decodeValue(bytes)
    firstLevel.end(placeholder, entry && { entry, until: answeredUntil(entry, of), bytes: bytes.length })
    if (entry) return entry
    return bytes && !isLease(bytes) ? discard(parts, of.name, placeholder.key) : undefined
  }

  async function lookUp(key: string): Promise<Decoded | undefined> {
    const placeholder = firstLevel.begin(key)
    let bytes: Buffer | undefined
    try {
      bytes = await store.get(key)
    } catch (error) {
      firstLevel.end(placeholder)
      throw error
    }
    return admit(placeholder, bytes)
  }

  /** One command for all keys. Each answer is its own, so that one key's trouble is not another's. */
  function lookUpMany(keys: readonly string[]): Promise<Decoded | undefined>[] {
    const placeholders = keys.map((key) => firstLevel.begin(key))
    const all = store.getMany(keys)
    return placeholders.map(async (placeholder, index) => {
      let found: (Buffer | undefined)[]
      try {
        found = await all
      } catch (error) {
        firstLevel.end(placeholder)
        throw error
      }
      return admit(placeholder, found[index])
    })
  }

  return { lookUp, lookUpMany }
}
