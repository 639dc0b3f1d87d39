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
  /**
   * For how many milliseconds the oldest committed message of the topic has been waiting, counted from its writing; 0: none waits. Of all
   * that was committed before the call: it reads one snapshot, which begins after that.
   */
  oldestPending(database: Queryable, topic: string): Promise<number>
  /** Has everything of the topic delivered once more that was delivered within the last so many milliseconds. */
  reopen(database: Queryable, topic: string, milliseconds: number): Promise<void>
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
    async oldestPending(database, topic) {
      const { rows } = await sql<{ age: number }>`
        select coalesce(extract(epoch from clock_timestamp() - min(created_at)) * 1000, 0)::float8 as age
        from outbox
        where topic = ${topic} and delivered_at is null and parked_at is null`.execute(database.query)
      return Math.max(0, rows[0]?.age ?? 0)
    },
    async reopen(database, topic, milliseconds) {
      await sql`
        update outbox set delivered_at = null, next_attempt_at = clock_timestamp()
        where topic = ${topic} and delivered_at > clock_timestamp() - ${milliseconds} * interval '1 millisecond'`.execute(
        database.query,
      )
    },
  }
}
