import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PolicyOptions } from '#src/index.ts'
import { explore, type Mutation, plans } from './world.ts'

const patience = 240_000

const property = (
  options: { latePushes?: boolean; mutation?: Mutation; policy?: Partial<PolicyOptions> },
  holds: 'never stale' | 'never stuck',
) =>
  fc.asyncProperty(fc.scheduler(), plans, async (scheduler, plan) => {
    const { stale, stuck } = await explore({ scheduler, plan, ...options })
    return stuck === 0 && (holds === 'never stuck' || stale === 0)
  })

test(
  'CA-12 in no order of events does a read miss what was acknowledged before it began',
  () => fc.assert(property({}, 'never stale'), { numRuns: 1500 }),
  patience,
)

test(
  'CA-45 however late pushes come, the first level is right in the end',
  () => fc.assert(property({ latePushes: true }, 'never stuck'), { numRuns: 1500 }),
  patience,
)

/** Time passes by ten seconds in these runs: values become due, then past their time, while they are read and written. */
const refreshing: Partial<PolicyOptions> = {
  ttl: 5000,
  jitter: 0,
  staleWhileRevalidate: 15_000,
  failSafe: 60_000,
  softLoadTimeout: 1000,
}

test(
  'CA-16 CA-17 nor where values are refreshed, and answered past their time',
  () => fc.assert(property({ policy: refreshing }, 'never stale'), { numRuns: 1500 }),
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

test.each([
  ['a token for each client instead of each attempt', clientWideToken],
  ['a plain SET instead of a compare-and-set', plainSet],
  ['sharing a load that was overtaken', shareAlways],
  ['a refresh by a plain SET', refreshByPlainSet, refreshing],
] as [string, Mutation, Partial<PolicyOptions>?][])(
  'CA-12 the exploration finds the fault of %s',
  async (_name, mutation, policy = {}) => {
    const found = await fc.check(property({ mutation, policy }, 'never stale'), {
      numRuns: 15000,
      seed: 1,
      endOnFailure: true,
    })
    expect(found.failed).toBe(true)
    // By a stale read, not by trouble of another kind.
    expect(String(found.errorInstance)).toContain('Property failed by returning false')
  },
  patience,
)
