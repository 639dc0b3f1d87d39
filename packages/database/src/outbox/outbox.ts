import { sql } from 'kysely'
import type { Queryable } from '#src/database.ts'

/** Something to be done after a commit, for sure and at least once. */
export type OutboxMessage = {
  /** Which of the relay's handlers delivers it. */
  topic: string
  /** Messages of one topic and key are delivered in the order of their ids. An aggregate's id, as a rule. */
  key: string
  /** Anything that JSON can hold. */
  payload: unknown
}

/** The table in which a transaction leaves its messages. */
export type Outbox = {
  /**
   * Leaves messages in the transaction: they are delivered if it commits and never if it does not. Append after the row of the
   * aggregate is locked (updated, inserted, or selected for update); then their order is the order of the commits.
   * @returns their ids, in the order of `messages`
   */
  append(tx: Queryable, messages: readonly OutboxMessage[]): Promise<bigint[]>
  /** Tells the relay that these were delivered already, right after the commit. */
  markDelivered(database: Queryable, ids: readonly bigint[]): Promise<void>
}

/** The outbox. It needs the table of `outboxMigration`. */
export function createOutbox(): Outbox {
  return {
    async append(tx, messages) {
      if (messages.length === 0) return []
      const topics = messages.map(({ topic }) => topic)
      const keys = messages.map(({ key }) => key)
      const payloads = messages.map(({ payload }) => JSON.stringify(payload ?? null))
      const { rows } = await sql<{ id: string }>`
        insert into outbox (topic, key, payload)
        select topic, key, payload::jsonb
        from unnest(${topics}::text[], ${keys}::text[], ${payloads}::text[]) with ordinality
          as message (topic, key, payload, position)
        order by position
        returning id`.execute(tx.query)
      return rows.map(({ id }) => BigInt(id))
    },
    async markDelivered(database, ids) {
      if (ids.length === 0) return
      await sql`
        update outbox set delivered_at = clock_timestamp()
        where id = any(${ids.map(String)}::bigint[]) and delivered_at is null`.execute(database.query)
    },
  }
}
