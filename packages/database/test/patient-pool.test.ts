import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openDatabase } from './fixtures.ts'

/** Longer than a connection may take. */
const stallMilliseconds = 5500

test('a process that stood still while it connected fails no query: neither those that connect nor those that wait for a connection', async () => {
  const { database } = await openDatabase()
  // More than the pool has connections.
  const answers = Array.from({ length: 15 }, () => sql`select 1`.execute(database.query))
  const outcomes = Promise.allSettled(answers)
  await sleep(1)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, stallMilliseconds)
  expect((await outcomes).filter(({ status }) => status === 'rejected')).toEqual([])
})
