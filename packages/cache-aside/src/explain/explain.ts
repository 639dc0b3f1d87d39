import type { CacheParts } from '../cache-class/parts.ts'
import {
  type Decoded,
  decodeEntry,
  entryId,
  isLease,
  isPacked,
  isPlaceholder,
  leaseEnd,
  markLength,
  versionOf,
} from '../entry/entry.ts'
import { refreshKey } from '../flight/refresh-flight.ts'
import { markKeysOf } from '../marks/mark-keys.ts'
import { answeredUntil, isFailSafe } from '../policy/freshness.ts'
import type { Policy } from '../policy/policy.ts'
import type {
  EntryFacts,
  EntryState,
  Explanation,
  FirstLevelState,
  StoreState,
  WouldLoad,
} from './explanation.ts'

/** What is asked about. */
export type Asked = {
  key: string
  storeKey: string
  /** Of the namespace, and of the tags, if these are known. */
  markKeys: readonly string[]
  tags: readonly string[] | undefined
  /** Whether this process is loading it. */
  loading: boolean
  /** Whether values are shown, which may be personal. */
  values: boolean
}

type Found = { bytes: Buffer | undefined; refresh: Buffer | undefined; marks: (string | undefined)[] }

/** Looks without touching: no lease is taken, nothing is loaded, and nothing is kept that was not. */
export async function explain(parts: CacheParts, of: Policy, asked: Asked): Promise<Explanation> {
  const now = parts.clock.now()
  const held = parts.firstLevel.peek(asked.storeKey, now)
  const found = await lookUp(parts, asked).catch(() => undefined)
  const stateOf = (entry: Decoded, standing: boolean) => (standing ? ageState(entry, of, now) : 'void')
  const facts = (entry: Decoded) => factsOf(entry, now, asked.values)

  const entry = found?.bytes && (await decodeEntry(found.bytes, of.maximumBytes))
  const tags = await tagsOf(entry)

  const firstLevel: FirstLevelState =
    held && !of.strict
      ? { state: stateOf(held, !found || stands(held, found.marks, tags)), ...facts(held) }
      : { state: 'absent' }
  const store = storeState()
  const refreshing = found?.refresh !== undefined // a lease, which is gone when it ends
  const trust = {
    trusted: parts.trust.holds(),
    staleness: parts.trust.age(),
    firstLevelLive: parts.firstLevelLive(),
    breaker: parts.breaker(),
  }
  return {
    ...{ class: of.name, key: asked.key, storeKey: asked.storeKey },
    ...{ firstLevel, store, refreshing },
    tags: tags?.map((name, index) => ({
      name,
      stands: entry !== undefined && markAt(entry, index + 1) === found?.marks[index + 1],
    })),
    trust,
    wouldLoad: whoWouldLoad(),
  }

  /** Those of the id, and those of the value in the store; what stands of these is asked for now that they are known. */
  async function tagsOf(entry: Decoded | undefined): Promise<Asked['tags']> {
    if (!found || !asked.tags || !entry || !of.valueTags) return asked.tags
    const ofValue = markKeysOf(of, asked.markKeys, entry.value).slice(asked.markKeys.length)
    const marks = await Promise.all(ofValue.map((key) => parts.store.get(key).catch(() => undefined)))
    found.marks.push(...marks.map(markIn))
    const all = new Set([...asked.tags, ...(entry.value === undefined ? [] : of.valueTags(entry.value))])
    return [...all]
  }

  function storeState(): StoreState {
    if (!found) return { state: 'unavailable' }
    const { bytes, marks } = found
    if (!bytes) return { state: 'absent' }
    if (isLease(bytes)) return { state: 'lease', left: leaseEnd(bytes) - now, floor: versionOf(bytes) }
    if (isPlaceholder(bytes)) return { state: 'floor', floor: versionOf(bytes) }
    if (!entry) return { state: 'undecodable', bytes: bytes.length }
    const state = stateOf(entry, stands(entry, marks, tags))
    return {
      state,
      id: entryId(bytes).toString('hex'),
      bytes: bytes.length,
      isPacked: isPacked(bytes),
      ...facts(entry),
    }
  }

  function whoWouldLoad(): WouldLoad {
    const answersUntrusted = of.untrusted === 'serve'
    if (trust.trusted || answersUntrusted) {
      if (firstLevel.state === 'fresh') return 'nobody'
      if (firstLevel.state === 'stale') return refreshing ? 'nobody' : 'beside-the-answer'
    } else return 'around-the-cache'
    if (store.state === 'unavailable') return 'around-the-cache'
    if (store.state === 'fresh') return 'nobody'
    if (store.state === 'stale') return refreshing ? 'nobody' : 'beside-the-answer'
    if (asked.loading) return 'this-process'
    const isLoadedElsewhere = store.state === 'lease' ? store.left > 0 : refreshing
    return isLoadedElsewhere ? 'another-process' : 'next-reader'
  }
}

/** All in one turn of the event loop, so in one command. */
async function lookUp({ store }: CacheParts, { storeKey, markKeys }: Asked): Promise<Found> {
  const [bytes, refresh, ...marks] = await Promise.all(
    [storeKey, refreshKey(storeKey), ...markKeys].map((key) => store.get(key)),
  )
  return { bytes, refresh, marks: marks.map(markIn) }
}

const markIn = (bytes: Buffer | undefined) => bytes?.toString('latin1', 0, markLength)

const markAt = ({ marks }: Decoded, index: number) =>
  marks.slice(index * markLength, (index + 1) * markLength)

/** As far as is known: where tags are not, only whether the namespace was cleared. */
function stands(entry: Decoded, marks: (string | undefined)[], tags: Asked['tags']): boolean {
  if (tags && entry.marks.length !== marks.length * markLength) return false
  return marks.every((mark, index) => mark === markAt(entry, index))
}

function ageState(entry: Decoded, of: Policy, now: number): EntryState {
  if (entry.freshUntil > now) return 'fresh'
  if (answeredUntil(entry, of) > now) return 'stale'
  return isFailSafe(entry, of, now) ? 'kept' : 'expired'
}

function factsOf(entry: Decoded, now: number, values: boolean): EntryFacts {
  const { loadedAt, freshUntil, loadMilliseconds: loadTook, version, value } = entry
  return {
    ...{ age: now - loadedAt, freshFor: freshUntil - now, loadTook, version },
    isNothing: value === undefined,
    ...(values && { value }),
  }
}
