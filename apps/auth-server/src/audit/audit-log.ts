import type { Database } from '@alicerce/database'
import { type RawBuilder, type Selectable, type SqlBool, sql } from 'kysely'
import { isUuid, normalEmail } from '#src/accounts/accounts.ts'
import type { Tables } from '#src/schema.ts'

/** Who did something, or to whom or what it was done. `name` is there where an account of this id is. */
export type Party = { id: string; name: string | null }

/** One entry of the audit log. */
export type AuditEvent = {
  id: string
  at: string
  action: string
  actor: Party | null
  target: Party | null
  outcome: string
  address: string | null
  traceId: string | null
  details: Record<string, unknown> | null
}

/** Which entries are wanted; what is not set does not matter. */
export type AuditFilter = {
  action?: string
  /** The id of an account or client, or the e-mail address of an account. */
  actor?: string
  target?: string
  /** Actor or target. */
  about?: string
  outcome?: string
  /** From this time on. */
  from?: string
  /** Before this time. */
  to?: string
}

/** Where in the log a page ends. */
export type AuditPosition = { at: string; id: string }

/** Reads the audit log, newest entry first. */
export type AuditLog = {
  /** At most `limit` entries, and where the next ones begin. */
  list(
    filter: AuditFilter,
    page: { after?: AuditPosition; limit: number },
  ): Promise<{ items: AuditEvent[]; next: AuditPosition | undefined }>
  find(id: string): Promise<AuditEvent | undefined>
  /** Every action that is in the log. */
  actions(): Promise<string[]>
}

type Row = Selectable<Tables['audit_event']> & { position: string }

/** The audit log in PostgreSQL. */
export function createAuditLog({ database }: { database: Database<Tables> }): AuditLog {
  const rows = () =>
    database.query
      .selectFrom('audit_event')
      .selectAll()
      // Dates of JavaScript have no microseconds: a position made of one would skip what came in the same millisecond.
      .select(sql<string>`at::text`.as('position'))

  async function idOf(party: string): Promise<string> {
    if (!party.includes('@')) return party
    const account = await database.query
      .selectFrom('account')
      .select('id')
      .where('email', '=', normalEmail(party))
      .executeTakeFirst()
    return account?.id ?? party
  }

  async function named(found: Row[]): Promise<AuditEvent[]> {
    const parties = found.flatMap(({ actor, target }) => [actor ?? '', target ?? '']).filter(isUuid)
    const accounts = await database.query
      .selectFrom('account')
      .select(['id', 'name'])
      .where(sql<SqlBool>`id = any(${[...new Set(parties)]}::uuid[])`)
      .execute()
    const names = new Map(accounts.map(({ id, name }) => [id, name]))
    const party = (id: string | null) => (id === null ? null : { id, name: names.get(id) ?? null })
    return found.map(({ trace_id, position: _position, at, actor, target, ...rest }) => ({
      ...rest,
      at: at.toISOString(),
      actor: party(actor),
      target: party(target),
      traceId: trace_id,
    }))
  }

  return {
    async list({ action, actor, target, about, outcome, from, to }, { after, limit }) {
      const person = about && (await idOf(about))
      const conditions: RawBuilder<SqlBool>[] = [
        ...(action ? [sql<SqlBool>`action = ${action}`] : []),
        ...(actor ? [sql<SqlBool>`actor = ${await idOf(actor)}`] : []),
        ...(target ? [sql<SqlBool>`target = ${await idOf(target)}`] : []),
        ...(person ? [sql<SqlBool>`(actor = ${person} or target = ${person})`] : []),
        ...(outcome ? [sql<SqlBool>`outcome = ${outcome}`] : []),
        ...(from ? [sql<SqlBool>`at >= ${from}::timestamptz`] : []),
        ...(to ? [sql<SqlBool>`at < ${to}::timestamptz`] : []),
        ...(after ? [sql<SqlBool>`(at, id) < (${after.at}::timestamptz, ${after.id}::uuid)`] : []),
      ]
      const found = await rows()
        .where((is) => is.and(conditions))
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute()
      const page = found.slice(0, limit)
      const last = found.length > limit ? page.at(-1) : undefined
      return { items: await named(page), next: last && { at: last.position, id: last.id } }
    },
    async find(id) {
      return (await named(await rows().where('id', '=', id).execute()))[0]
    },
    async actions() {
      // Goes from one action to the next in the index; `distinct` would read the whole log.
      const { rows: found } = await sql<{ action: string }>`
        with recursive known as (
          (select action from audit_event order by action limit 1)
          union all
          select (select action from audit_event where action > known.action order by action limit 1)
          from known where known.action is not null
        ) select action from known where action is not null`.execute(database.query)
      return found.map(({ action }) => action)
    },
  }
}
