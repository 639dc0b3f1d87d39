import type { Queryable } from '@alicerce/database'
import { sql } from 'kysely'
import { currentTraceId } from '#src/telemetry/request-context.ts'
import type { CacheInvalidation, Voided } from './schema.ts'

type Row = Omit<CacheInvalidation, 'at'> & { at: Date }

const newest = 50
const columns = sql`id::text, at, actor_id as "actorId", class, key, tag`

/** Enters who made what void, in the transaction that does it. */
export async function recordInvalidation(
  tx: Queryable,
  { actorId, voided, now }: { actorId: string; voided: Voided; now: number },
): Promise<CacheInvalidation> {
  const { class: className, key, tag } = { class: null, key: null, tag: null, ...voided }
  const { rows } = await sql<Row>`
    insert into cache_invalidation (at, actor_id, class, key, tag, trace_id)
    values (${new Date(now)}, ${actorId}, ${className}, ${key}, ${tag}, ${currentTraceId() ?? null})
    returning ${columns}`.execute(tx.query)
  return entryOf(rows[0] as Row)
}

/** The newest entries first. */
export async function readInvalidations(database: Queryable): Promise<CacheInvalidation[]> {
  const { rows } = await sql<Row>`
    select ${columns} from cache_invalidation order by cache_invalidation.id desc limit ${newest}`.execute(
    database.query,
  )
  return rows.map(entryOf)
}

const entryOf = (row: Row): CacheInvalidation => ({ ...row, at: row.at.toISOString() })
