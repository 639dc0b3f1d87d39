import { type Decoded, decodeEntry, entryId, isPlaceholder } from '../entry/entry.ts'
import type { Placeholder } from '../first-level/first-level.ts'
import type { Target } from '../flight/load-and-store.ts'
import { markKeysOf } from '../marks/mark-keys.ts'
import { noMarks, stands } from '../marks/marks.ts'
import { answeredUntil } from '../policy/freshness.ts'
import type { Policy } from '../policy/policy.ts'
import { StoreUnavailable } from '../store/cache-store.ts'
import type { CacheParts } from './parts.ts'

/** An entry that says nothing: a tag of it was invalidated, or nobody can read its bytes. */
export class VoidEntry {
  readonly entryId: Buffer
  /** Where its marks stood, which those of the next one will too, as a rule. */
  readonly markKeys: readonly string[] | undefined

  constructor(bytes: Buffer, markKeys?: readonly string[]) {
    this.entryId = entryId(bytes)
    this.markKeys = markKeys
  }
}

/** Nobody knows whether every invalidation has reached the store that should have. */
export class Untrusted extends Error {}

/** What the second level has: an entry, fresh or not; one that says nothing; or none, so that the key may be loaded. */
export type Found = Decoded | VoidEntry | undefined

/**
 * Asks the second level, and lets the first one keep what it says. Nothing else enters the first: only of what a plain GET or MGET
 * brought it is certain that every change after it is heard.
 */
export function createSecondLevel(parts: CacheParts, of: Policy) {
  const { store, firstLevel, marks, trust, clock, tell } = parts

  /** To be asked before the command is sent: what it finds can only be newer. */
  const isTrusted = () => of.untrusted === 'serve' || trust.holds()

  /** `found`: the marks that stand, where they were not at hand. */
  function admit(
    placeholder: Placeholder,
    bytes: Buffer | undefined,
    target: Target,
    found: string | undefined,
  ): Found | Promise<Found> {
    if (!bytes) {
      firstLevel.end(placeholder)
      return undefined
    }
    const entry = decodeEntry(bytes, of.maximumBytes)
    const read = { placeholder, bytes, target, found }
    return entry instanceof Promise
      ? entry.then((unpacked) => admitEntry(unpacked, read))
      : admitEntry(entry, read)
  }

  function admitEntry(
    entry: Decoded | undefined,
    read: { placeholder: Placeholder; bytes: Buffer; target: Target; found: string | undefined },
  ): Found | Promise<Found> {
    const { placeholder, bytes } = read
    const standing = entry && isStanding(entry, read)
    if (standing === true && !of.strict) {
      const held = entry.unpackedBytes ?? bytes.length
      firstLevel.end(placeholder, { entry, until: answeredUntil(entry, of), bytes: held })
      return entry
    }
    firstLevel.end(placeholder)
    if (standing === true) return entry
    if (standing) {
      return standing.then((stands) => (stands ? entry : new VoidEntry(bytes, entry?.markKeys)))
    }
    if (isPlaceholder(bytes)) return undefined
    tell({ type: 'entry-undecodable', class: of.name })
    return new VoidEntry(bytes)
  }

  /** Marks of the value can be asked for only when it is known, so these cost a command of their own where they are not at hand. */
  function isStanding(
    entry: Decoded,
    { target, found }: { target: Target; found: string | undefined },
  ): boolean | Promise<boolean> {
    if (!of.valueTags) return stands(marks, entry, target.markKeys, clock.now(), found)
    entry.markKeys = markKeysOf(of, target.markKeys, entry.value)
    return stands(marks, entry, entry.markKeys, clock.now(), of.strict ? noMarks : undefined)
  }

  /** Asks for the marks that are not at hand; in one command with the entry, as both are of one turn. */
  const missingMarks = ({ markKeys }: Target) =>
    of.strict
      ? marks.ask(markKeys)
      : marks.held(markKeys, clock.now()) === undefined
        ? marks.find(markKeys)
        : undefined

  async function lookUp(target: Target): Promise<Found> {
    if (!isTrusted()) throw new Untrusted()
    const placeholder = firstLevel.begin(target.key)
    try {
      const missing = missingMarks(target)
      const bytes = store.get(target.key)
      if (!missing) return admit(placeholder, await bytes, target, undefined)
      const [entry, found] = await Promise.all([bytes, missing])
      return admit(placeholder, entry, target, found)
    } catch (error) {
      firstLevel.end(placeholder)
      throw error
    }
  }

  /** What a replica has, if that can be the answer; it is not kept, as changes are told by the primary, before it. */
  async function lookUpInReplica(target: Target, minVersion: number): Promise<Decoded | undefined> {
    if (!of.fromReplicas || !trust.holdsForReplicas()) return undefined
    const bytes = await store.getFromReplica?.(target.key)?.catch(() => undefined)
    const entry = bytes && (await decodeEntry(bytes, of.maximumBytes))
    if (!entry || entry.version < minVersion || answeredUntil(entry, of) <= clock.now()) return undefined
    return (await isStanding(entry, { target, found: undefined })) ? entry : undefined
  }

  /** Asks for all keys at once. Each answer is its own, so that one key's trouble is not another's. */
  function lookUpMany(targets: readonly Target[], minVersions: readonly number[]): Promise<Found>[] {
    if (!of.fromReplicas || !trust.holdsForReplicas()) return lookUpManyAtPrimary(targets)
    const near = Promise.all(
      targets.map((target, index) =>
        lookUpInReplica(target, minVersions[index] as number).catch(() => undefined),
      ),
    )
    const far = near.then((found) => {
      const missing = targets.filter((_, index) => !found[index])
      return new Map(lookUpManyAtPrimary(missing).map((answer, index) => [missing[index], answer]))
    })
    return targets.map(async (target, index) => (await near)[index] ?? (await far).get(target))
  }

  /** One command for all keys. */
  function lookUpManyAtPrimary(targets: readonly Target[]): Promise<Found>[] {
    if (targets.length === 0) return []
    if (!isTrusted()) return targets.map(() => Promise.reject(new Untrusted()))
    const placeholders = targets.map(({ key }) => firstLevel.begin(key))
    const all = store.getMany(targets.map(({ key }) => key))
    return targets.map(async (target, index) => {
      const placeholder = placeholders[index] as Placeholder
      try {
        const [entries, found] = await Promise.all([all, missingMarks(target)])
        const entry = entries[index]
        if (entry instanceof StoreUnavailable) throw entry
        return admit(placeholder, entry, target, found)
      } catch (error) {
        firstLevel.end(placeholder)
        throw error
      }
    })
  }

  return { lookUp, lookUpInReplica, lookUpMany }
}
