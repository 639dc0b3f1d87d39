import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { judge } from '#src/history/judge.ts'
import { openReadLog, type Read, readsIn } from '#src/history/read-log.ts'

/** Thing 1 was committed at 0, 1000 and 2000. */
const commits = new Map([[1, [0, 1000, 2000]]])
const read = (version: number, startedAt: number, endedAt = startedAt + 1): Read => ({
  ...{ process: 0, thing: 1, version, source: 'redis', startedAt, endedAt },
})

test('a read may miss what was committed within the bound, and nothing older', () => {
  const reads = [read(1, 900), read(1, 1000), read(1, 1400), read(2, 1400), read(2, 2500), read(3, 9999)]
  expect(judge(reads, commits, 500)).toMatchObject({
    ...{ reads: 6, staleReads: 2, largestStaleness: 500, violations: 0, worst: [] },
  })
  const { violations, worst } = judge([read(1, 1501), read(1, 9000)], commits, 500)
  expect(violations).toBe(2)
  expect(worst.map(({ fault, staleness }) => [fault, staleness])).toEqual([
    ['too old', 8000],
    ['too old', 501],
  ])
})

test('a value that nobody had committed when the read ended is a violation', () => {
  const faults = [read(4, 3000), read(3, 1500), { ...read(1, 500), thing: 2 }]
  expect(judge(faults, commits, 500).worst.map(({ fault }) => fault)).toEqual(
    Array(3).fill('never committed'),
  )
  expect(judge([read(3, 1500, 2001)], commits, 500).violations).toBe(0) // committed while it was read
})

test('the worst are named, all are counted', () => {
  const reads = Array.from({ length: 100 }, (_, index) => read(1, 2000 + index))
  const { violations, worst } = judge(reads, commits, 500)
  expect(violations).toBe(100)
  expect(worst).toHaveLength(20)
  expect(worst[0]?.staleness).toBe(1099)
})

test('what a process logged is what is judged', () => {
  const folder = mkdtempSync(join(tmpdir(), 'read-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'reads.bin')
  const reads = Array.from({ length: 200 }, (_, index) => ({ ...read(index + 1, index / 3), process: 5 }))
  const log = openReadLog(file)
  for (const each of reads) log.record(each)
  log.flush()
  expect([...readsIn(file, 5)]).toEqual(reads)
})
