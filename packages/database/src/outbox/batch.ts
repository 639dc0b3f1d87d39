import { sql } from 'kysely'
import type { Database, Queryable } from '#src/database.ts'
import { withinDeadline } from '#src/deadline.ts'
import type { Log } from '#src/log.ts'
import type { OutboxMessage } from './outbox.ts'

/** A message as a handler gets it. */
export type RelayedMessage = OutboxMessage & {
  readonly id: bigint
  /** When its transaction wrote it. */
  readonly createdAt: Date
  /** Failed attempts before this one. */
  readonly attempts: number
}

/** Delivers one message; the message counts as delivered when it resolves. It may get the same one again after a crash. */
export type Handler = (message: RelayedMessage) => Promise<void>

export type Delivery = {
  handlers: Readonly<Record<string, Handler>>
  /** Of the handlers, those whose turn it is. */
  topics: readonly string[]
  /** Topics whose failures are not counted against the message. */
  insistent: ReadonlySet<string>
  /** After so many failures a message is parked. */
  maximumAttempts: number
  /** How long to wait after the n-th failure, counted from 1. */
  backOff: (failures: number) => number
  log: Log
}

/** What became of a batch. */
export type BatchOutcome = {
  /** How many messages were delivered, failed, or parked. */
  messages: number
  /** Insistent topics of which something could not be delivered, each with one of the errors. */
  refused: ReadonlyMap<string, unknown>
}

type Key = { topic: string; key: string }

const keysInBatch = 50
const messagesOfKey = 20
const deliveryTimeoutMilliseconds = 10_000
/**
 * No further message is begun after it. With the longest delivery it is less than the time after which PostgreSQL ends a transaction that
 * says nothing (`idleInTransactionTimeoutMilliseconds`): many slow deliveries are not taken for a process that stands still.
 */
const beginMilliseconds = 4000
const longestError = 1000

/**
 * Delivers what is due, in one transaction: the messages of a key one after the other, different keys side by side.
 *
 * Whoever holds the lock on the first open message of a key holds the key: another relay sees that message as open until we commit,
 * so it takes none of the key's later ones. The crash of a relay frees its locks, and its messages are delivered again; so does PostgreSQL
 * with those of a relay that stands still.
 */
export async function deliverBatch(database: Database<unknown>, delivery: Delivery): Promise<BatchOutcome> {
  return database.transaction(async (tx) => {
    const messages = await messagesOf(tx, await lockKeys(tx, delivery.topics))
    const byKey = Object.values(Object.groupBy(messages, ({ topic, key }) => JSON.stringify([topic, key])))
    const results = await Promise.all(byKey.map((ofKey) => deliverInOrder(ofKey ?? [], delivery.handlers)))
    await recordDelivered(
      tx,
      results.flatMap(({ delivered }) => delivered),
    )
    const refused = new Map<string, unknown>()
    for (const failure of results.flatMap((result) => result.failure ?? [])) {
      const { topic } = failure.message
      if (delivery.insistent.has(topic)) refused.set(topic, failure.error)
      else await recordFailure(tx, failure, delivery)
    }
    return { messages: messages.length, refused }
  })
}

async function lockKeys(tx: Queryable, topics: readonly string[]): Promise<Key[]> {
  const { rows } = await sql<Key>`
    select topic, key from outbox as first
    where delivered_at is null and parked_at is null and topic = any(${topics}) and next_attempt_at <= clock_timestamp()
      and not exists (
        select from outbox as earlier
        where earlier.topic = first.topic and earlier.key = first.key and earlier.id < first.id
          and earlier.delivered_at is null and earlier.parked_at is null)
    order by id limit ${keysInBatch}
    for update skip locked`.execute(tx.query)
  return rows
}

async function messagesOf(tx: Queryable, keys: Key[]): Promise<RelayedMessage[]> {
  if (keys.length === 0) return []
  const { rows } = await sql<Omit<RelayedMessage, 'id'> & { id: string }>`
    select message.* from unnest(${keys.map(({ topic }) => topic)}::text[], ${keys.map(({ key }) => key)}::text[]) as held (topic, key)
    cross join lateral (
      select id, topic, key, payload, created_at as "createdAt", attempts from outbox
      where topic = held.topic and key = held.key and delivered_at is null and parked_at is null
      order by id limit ${messagesOfKey}) as message
    order by id`.execute(tx.query)
  return rows.map((row) => ({ ...row, id: BigInt(row.id) }))
}

type Failure = { message: RelayedMessage; error: unknown }
type Result = { delivered: RelayedMessage[]; failure?: Failure }

/** A failed message holds the later ones of its key back until it is delivered or parked. */
async function deliverInOrder(messages: RelayedMessage[], handlers: Delivery['handlers']): Promise<Result> {
  const delivered: RelayedMessage[] = []
  const begun = performance.now()
  for (const message of messages) {
    if (performance.now() - begun > beginMilliseconds) break
    try {
      await deliver(message, handlers[message.topic] as Handler)
      delivered.push(message)
    } catch (error) {
      return { delivered, failure: { message, error } }
    }
  }
  return { delivered }
}

/** A handler that never ends would hold the transaction, and with it the whole relay. */
function deliver(message: RelayedMessage, handler: Handler): Promise<void> {
  const what = `The delivery of outbox message ${message.id} (${message.topic})`
  return withinDeadline(handler(message), deliveryTimeoutMilliseconds, 'delivery-timeout', what)
}

async function recordDelivered(tx: Queryable, messages: RelayedMessage[]): Promise<void> {
  if (messages.length === 0) return
  await sql`
    update outbox set delivered_at = clock_timestamp(), last_error = null
    where id = any(${messages.map(({ id }) => String(id))}::bigint[])`.execute(tx.query)
}

async function recordFailure(tx: Queryable, { message, error }: Failure, delivery: Delivery): Promise<void> {
  const failures = message.attempts + 1
  const parks = failures >= delivery.maximumAttempts
  const wait = delivery.backOff(failures)
  const reason = (error instanceof Error ? error.message : String(error)).slice(0, longestError)
  await sql`
    update outbox set attempts = ${failures}, last_error = ${reason},
      next_attempt_at = clock_timestamp() + ${wait} * interval '1 millisecond',
      parked_at = case when ${parks} then clock_timestamp() end
    where id = ${String(message.id)}::bigint`.execute(tx.query)
  const fields = { error, outboxId: String(message.id), topic: message.topic, key: message.key, failures }
  if (parks)
    delivery.log.error(
      fields,
      'An outbox message is parked: it is not tried again until parked_at is cleared',
    )
  else
    delivery.log.warn({ ...fields, nextAttemptInMilliseconds: wait }, 'An outbox message was not delivered')
}
