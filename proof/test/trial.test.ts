import { expect, test } from 'vitest'
import { tryCache } from '#src/trial.ts'

/** Each process has a loopback address of its own there (world/links.ts), as Linux lets it. */
const onLinux = process.platform === 'linux'
/** A cluster is six servers more, which take their time to begin. */
const patience = 180_000

// The short form of `npm run prove`. Faults come by chance: a storm that happens to miss is tried again.
const trial = { seed: 2, seconds: 3, services: 3, bound: 2000, topology: 'replica' as const }

test('the harness finds the faults of a naive cache', { timeout: 60_000, retry: 2 }, async () => {
  const { verdict } = await tryCache({ ...trial, subject: 'naive' })
  expect(verdict.reads).toBeGreaterThan(1000)
  expect(verdict.violations).toBeGreaterThan(0)
})

test('CA-37 CA-38 CA-40 no read of the cache is older than its bound, whatever fails', {
  timeout: 60_000,
}, async () => {
  const { verdict } = await tryCache({ ...trial, subject: 'cache-aside', seconds: 5 })
  expect(verdict.reads).toBeGreaterThan(1000)
  expect(verdict.bySource.l1 + verdict.bySource.redis).toBeGreaterThan(0)
  expect(verdict.worst).toEqual([])
})

test.runIf(onLinux)(
  'the harness finds the faults of a naive cache on Redis Cluster',
  {
    timeout: patience,
    retry: 2,
  },
  async () => {
    const { verdict } = await tryCache({ ...trial, subject: 'naive', topology: 'cluster', seconds: 5 })
    expect(verdict.reads).toBeGreaterThan(1000)
    expect(verdict.violations).toBeGreaterThan(0)
  },
)

test.runIf(onLinux)(
  'CA-37 CA-38 CA-40 CA-52 CA-53 no read on Redis Cluster is older than its bound, whatever fails',
  { timeout: patience },
  async () => {
    const { verdict } = await tryCache({ ...trial, subject: 'cache-aside', topology: 'cluster', seconds: 8 })
    expect(verdict.reads).toBeGreaterThan(1000)
    expect(verdict.bySource.l1 + verdict.bySource.redis).toBeGreaterThan(0)
    expect(verdict.worst).toEqual([])
  },
)
