import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Decoded, decodeValue, markLength } from '#src/entry/entry.ts'
import type { CacheStore } from '#src/index.ts'
import { tagMarkKey } from '#src/key/keys.ts'
import { explore, type Mutation, plans, plansWithTags, tagsOfTheValue } from './world.ts'

const patience = 240_000
const runs = 800

type World = Pick<Parameters<typeof explore>[0], 'latePushes' | 'pace' | 'policy' | 'replica' | 'tags'>

const property = (options: World & { mutation?: Mutation }, holds: 'never stale' | 'never stuck') =>
  fc.asyncProperty(fc.scheduler(), options.tags ? plansWithTags : plans, async (scheduler, plan) => {
    const { stale, stuck } = await explore({ scheduler, plan, ...options })
    return stuck === 0 && (holds === 'never stuck' || stale === 0)
  })

test(
  'CA-12 in no order of events does a read miss what was acknowledged before it began',
  () => fc.assert(property({}, 'never stale'), { numRuns: runs }),
  patience,
)

test(
  'CA-45 however late pushes come, the first level is right in the end',
  () => fc.assert(property({ latePushes: true }, 'never stuck'), { numRuns: runs }),
  patience,
)

/** Time passes: values become due, then past their time, while they are read and written. */
const refreshing: World = {
  pace: 100,
  policy: { ttl: 500, jitter: 0, staleWhileRevalidate: 1000, failSafe: 60_000, softLoadTimeout: 1000 },
}

test(
  'CA-16 CA-17 nor where values are refreshed, and answered past their time',
  () => fc.assert(property(refreshing, 'never stale'), { numRuns: runs }),
  patience,
)

test(
  'CA-26 CA-30 nor where a tag or the namespace is invalidated',
  () => fc.assert(property({ tags: 'of the id' }, 'never stale'), { numRuns: runs }),
  patience,
)

test(
  'CA-26 CA-30 nor where tags are invalidated and values are refreshed',
  () => fc.assert(property({ tags: 'of the id', ...refreshing }, 'never stale'), { numRuns: runs }),
  patience,
)

test(
  'CA-30 nor where tags are known by the value only, and values are refreshed',
  () => fc.assert(property({ tags: 'of the value', ...refreshing }, 'never stale'), { numRuns: runs }),
  patience,
)

test(
  'CA-30 CA-45 however late pushes come, no void entry is answered in the end',
  () => fc.assert(property({ tags: 'of the id', latePushes: true }, 'never stuck'), { numRuns: runs }),
  patience,
)

test(
  'CA-06 CA-41 nor where loads read a replica that is behind, and a reader who knows of a version gets none before it',
  () => fc.assert(property({ replica: true }, 'never stale'), { numRuns: runs }),
  patience,
)

test(
  'CA-06 CA-41 nor where such values are refreshed',
  () => fc.assert(property({ replica: true, ...refreshing }, 'never stale'), { numRuns: runs }),
  patience,
)

test(
  'CA-06 nor, in a strict class, while pushes are late',
  () =>
    fc.assert(property({ tags: 'of the id', latePushes: true, policy: { strict: true } }, 'never stale'), {
      numRuns: runs,
    }),
  patience,
)

/** One token for all attempts of a client. */
const clientWideToken: Mutation = (store, client) => {
  const token = Buffer.alloc(16, client + 1)
  return {
    ...store,
    acquire: (key, _token, lease) => store.acquire(key, token, lease),
    release: (key) => store.release(key, token),
    fill(key, _token, bytes, ttl) {
      const mine = Buffer.from(bytes)
      token.copy(mine, 1)
      return store.fill(key, token, mine, ttl)
    },
  }
}

/** Stores whatever was loaded, lease or not. */
const plainSet: Mutation = (store) => ({
  ...store,
  async fill(key, token, bytes, ttl) {
    await store.invalidate([key])
    await store.acquire(key, token, 10_000)
    return store.fill(key, token, bytes, ttl)
  },
})

/** Gives those who joined a load its value although an invalidation overtook it. */
const shareAlways: Mutation = (store) => ({
  ...store,
  fill: (...values) => store.fill(...values).then(() => true),
})

/** Stores whatever a refresh loaded, wherever the entry went that it was to replace. */
const refreshByPlainSet: Mutation = (store) => ({
  ...store,
  async replace(key, _entryId, bytes, ttl) {
    const token = bytes.subarray(1, 17)
    await store.invalidate([key])
    await store.acquire(key, token, 10_000)
    return store.fill(key, token, bytes, ttl)
  },
})

/** Gives what was loaded the marks that stand when it is stored, not those that stood before the load. */
const marksTakenAfterTheLoad: Mutation = (store) => {
  const takes = new Map<string, () => Promise<string>>()
  const late =
    (put: CacheStore['fill']): CacheStore['fill'] =>
    async (key, id, bytes, ttl) => {
      const standing = await Promise.all([...takes.values()].map((take) => take()))
      const marked = Buffer.from(bytes)
      marked.write(standing.join(''), 50, 'latin1')
      return put(key, id, marked, ttl)
    }
  return {
    ...store,
    enter(key, mark, form) {
      takes.set(key, async () => (await store.enter(key, 'later-mark_', form)).mark)
      return store.enter(key, mark, form)
    },
    mark(key, ...values) {
      takes.set(key, () => store.mark(key, 'later-mark_'))
      return store.mark(key, ...values)
    },
    fill: late(store.fill),
    replace: late(store.replace),
  }
}

/** Gives a value the marks of its own tags that stand when it is stored. */
const marksOfTheValueTakenAfterTheLoad: Mutation = (store) => ({
  ...store,
  async fill(key, token, bytes, ttl) {
    const marked = Buffer.from(bytes)
    const { id, version } = (decodeValue(bytes) as Decoded).value as Parameters<typeof tagsOfTheValue>[0]
    const tags = tagsOfTheValue({ id, version }).map((tag) => tagMarkKey('test', tag))
    const standing = await Promise.all(tags.map((tag) => store.mark(tag, 'later-mark_')))
    marked.write(standing.join(''), 50 + markLength, 'latin1')
    return store.fill(key, token, marked, ttl)
  },
})

/** Holds marks without hearing of their changes. */
const deafToMarks: Mutation = (store) => ({
  ...store,
  watch: (prefix, watcher) =>
    store.watch(prefix, { ...watcher, changed: (key) => key.includes('#') || watcher.changed(key) }),
})

/** Takes the floor from the last invalidation that comes, be it an earlier one. */
const floorsThatFall: Mutation = (store) => ({
  ...store,
  async raise(key, floor, hold) {
    await store.invalidate([key])
    await store.raise(key, floor, hold)
  },
})

/** Removes the key, and with it what a load must reach. */
const bareRemovalOverAFloor: Mutation = (store) => ({ ...store, raise: (key) => store.invalidate([key]) })

test.each([
  ['a token for each client instead of each attempt', clientWideToken],
  ['a plain SET instead of a compare-and-set', plainSet],
  ['sharing a load that was overtaken', shareAlways],
  ['a refresh by a plain SET', refreshByPlainSet, 24, refreshing],
  ['floors that fall', floorsThatFall, 1, { replica: true }],
  ['a bare removal over a floor', bareRemovalOverAFloor, 1, { replica: true }],
  ['marks that are taken after the load', marksTakenAfterTheLoad, 1, { tags: 'of the id' }],
  [
    'marks of the value that are taken after the load',
    marksOfTheValueTakenAfterTheLoad,
    1,
    { tags: 'of the value' },
  ],
  ['marks that are held whatever happens', deafToMarks, 1, { tags: 'of the id' }],
] as [string, Mutation, number?, World?][])(
  'CA-12 the exploration finds the fault of %s',
  async (_name, mutation, seed = 1, world = {}) => {
    const found = await fc.check(property({ mutation, ...world }, 'never stale'), {
      numRuns: 15_000,
      seed,
      endOnFailure: true,
    })
    expect(found.failed).toBe(true)
    // By a stale read, not by trouble of another kind.
    expect(String(found.errorInstance)).toContain('Property failed by returning false')
  },
  patience,
)
