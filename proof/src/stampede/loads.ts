import { setTimeout as sleep } from 'node:timers/promises'
import type { Migrations } from '@alicerce/database'
import { sql } from 'kysely'
import { Client, type Pool } from 'pg'
import type { Loader } from './scenarios.ts'

export const migrations: Migrations = {
  '2026-01-01T00-00-create-loads': {
    async up(db) {
      await sql`create table loads (id serial primary key, key text not null, began timestamptz not null, ended timestamptz)`.execute(
        db,
      )
      await sql`grant usage on sequence loads_id_seq to public`.execute(db)
    },
    async down(db) {
      await sql`drop table loads`.execute(db)
    },
  },
}

/** Loads a key from PostgreSQL, which keeps a record of it: from the moment when it is asked until it has answered, or nobody waits any more. */
export async function load(pool: Pool, key: string, loader: Loader, signal?: AbortSignal): Promise<string> {
  const begun = await pool.query(
    'insert into loads (key, began) values ($1, clock_timestamp()) returning id',
    [key],
  )
  // Who is told to end has ended for the cache: what his record takes to be written is not part of the load.
  let toldToEnd: Date | undefined
  signal?.addEventListener('abort', () => {
    toldToEnd = new Date()
  })
  try {
    if (loader === 'slow') await pool.query('select pg_sleep(0.3)')
    if (loader === 'hanging') await sleep(60_000, undefined, signal ? { signal } : {})
    if (loader === 'failing') await pool.query('select 1 / (random() * 0)::integer')
    return `the value of ${key}`
  } finally {
    await pool.query('update loads set ended = least(clock_timestamp(), $2) where id = $1', [
      begun.rows[0].id,
      toldToEnd,
    ])
  }
}

/** What PostgreSQL counted. */
export type LoadCount = { loads: number; mostAtOnce: number }

/** Counts the loads of keys, and how many of one key went on at once. */
export async function countLoads(databaseUrl: string, keys: string[]): Promise<LoadCount> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<LoadCount>(
      `select count(*)::integer as loads, coalesce(max(at_once), 0)::integer as "mostAtOnce" from (
         select (select count(*) from loads other
                 where other.key = one.key and other.began <= one.began and (other.ended is null or other.ended > one.began)
                ) as at_once
         from loads one where key = any($1)) counted`,
      [keys],
    )
    return rows[0] as LoadCount
  } finally {
    await client.end()
  }
}
