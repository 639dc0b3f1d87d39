import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { CacheFigures } from '@alicerce/cache-aside'
import type { Queryable } from '@alicerce/database'
import { sql } from 'kysely'
import type { Log } from '#src/log.ts'
import type { HotKey } from '../hot-keys.ts'

/** What one process says of its cache. Where nobody knows how stale it is, `staleness` is null: JSON has no infinity. */
export type ProcessFigures = Omit<CacheFigures, 'staleness'> & {
  staleness: number | null
  hottest: (HotKey & { class: string })[]
}

/** A process that was heard of in the last minute. */
export type KnownProcess = {
  name: string
  startedAt: Date
  silentMilliseconds: number
  figures: ProcessFigures
}

/** The figures of all processes of a service. */
export type Processes = {
  /** Those of the last minute, this one as it is now, the oldest first. */
  read(): Promise<KnownProcess[]>
  /** This process is none of them any more. */
  close(): Promise<void>
}

const publishMilliseconds = 2000

/**
 * Tells the figures of this process in a table of the service's database, and reads those of all. Redis is no place for them: they are wanted
 * most when it does not answer.
 */
export function createProcesses(options: {
  database: Queryable
  figures: () => Promise<ProcessFigures>
  log: Log
}): Processes {
  const { database, figures, log } = options
  const id = randomUUID()
  const name = `${hostname()}/${process.pid}`
  const startedAt = new Date()
  let closed = false
  let failed = false
  let publishing: Promise<void> = Promise.resolve()

  async function publish(): Promise<void> {
    const told = JSON.stringify(await figures())
    await sql`
      with gone as (delete from cache_process where seen_at < clock_timestamp() - interval '1 minute' and id <> ${id})
      insert into cache_process (id, name, started_at, seen_at, figures)
      values (${id}, ${name}, ${startedAt}, clock_timestamp(), ${told}::jsonb)
      on conflict (id) do update set seen_at = excluded.seen_at, figures = excluded.figures`.execute(
      database.query,
    )
  }

  /** A database that is away is told of by those who need it; this is told once. */
  async function publishQuietly(): Promise<void> {
    try {
      await publish()
      failed = false
    } catch (error) {
      if (!failed) log.warn({ error }, 'The figures of the cache cannot be told to the other processes')
      failed = true
    }
  }

  const timer = setInterval(() => {
    publishing = publishing.then(() => (closed ? undefined : publishQuietly()))
  }, publishMilliseconds)

  return {
    async read() {
      await publish()
      const { rows } = await sql<KnownProcess>`
        select name, started_at as "startedAt", figures,
          greatest(0, extract(epoch from clock_timestamp() - seen_at) * 1000)::float8 as "silentMilliseconds"
        from cache_process where seen_at > clock_timestamp() - interval '1 minute'
        order by started_at, id`.execute(database.query)
      return rows
    },
    async close() {
      closed = true
      clearInterval(timer)
      await publishing
      await sql`delete from cache_process where id = ${id}`.execute(database.query).catch(() => {})
    },
  }
}
