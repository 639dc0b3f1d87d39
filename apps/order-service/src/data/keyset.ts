import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Position } from '#src/ports/reads.ts'

/** A total order of rows: one column, ties broken by `id`. Text is sorted byte by byte, the same on every server. */
export type Ordering = { column: string; type: 'text' | 'integer' | 'timestamptz'; descending: boolean }

const sortedBy = ({ column, type }: Ordering): RawBuilder<unknown> =>
  type === 'text' ? sql`${sql.ref(column)} collate "C"` : sql`${sql.ref(column)}`

/** The rows that come after `position`, whatever was inserted or deleted meanwhile. */
export function isAfter(ordering: Ordering, position: Position): RawBuilder<SqlBool> {
  const operator = sql.raw(ordering.descending ? '<' : '>')
  const value = sql`${position.value}::${sql.raw(ordering.type)}`
  return sql`(${sortedBy(ordering)}, id) ${operator} (${value}, ${position.id}::uuid)`
}

/** The `order by` of a list. */
export function orderingOf(ordering: Ordering): RawBuilder<unknown>[] {
  const direction = sql.raw(ordering.descending ? 'desc' : 'asc')
  return [sql`${sortedBy(ordering)} ${direction}`, sql`id ${direction}`]
}

/** A pattern for `like` that finds `text` anywhere; its own wildcards are taken as letters. */
export const containing = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`

/** Where the next page begins, if one row more than the page was found. */
export function pageEnd(
  rows: readonly { id: string; sorted: string | number | Date }[],
  limit: number,
): Position | undefined {
  const last = rows[limit - 1]
  if (rows.length <= limit || !last) return undefined
  const value = last.sorted instanceof Date ? last.sorted.toISOString() : last.sorted
  return { value, id: last.id }
}
