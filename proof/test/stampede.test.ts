import { expect, test } from 'vitest'
import { isAsPromised, stampede } from '#src/stampede/stampede.ts'

// The short form of the stampede of `npm run prove`; PostgreSQL counts the loads.
const three = { processes: 3, callers: 40, rounds: 1 }

test('CA-11 CA-13 CA-14 CA-16 a stampede is one load, whoever asks, and where loads bring nothing one of each process at most', {
  timeout: 120_000,
}, async () => {
  const found = await stampede({ ...three, subject: 'cache-aside' })
  expect(found).toHaveLength(8)
  expect(found.filter((figures) => !isAsPromised(figures))).toEqual([])
})

test('the count finds the stampede of a naive cache', { timeout: 120_000 }, async () => {
  const only = ({ standing, loader }: { standing: string; loader: string }) =>
    standing === 'cold' && loader === 'slow'
  const [naive] = await stampede({ ...three, subject: 'naive', only })
  expect(naive?.loads).toBeGreaterThan(three.processes)
})
