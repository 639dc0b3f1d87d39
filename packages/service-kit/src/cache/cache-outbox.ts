import type { OutboxPort } from '@alicerce/cache-aside'
import type { Database, Outbox, Transaction } from '@alicerce/database'

/** Joins a service's cache to the outbox of its database: invalidations commit together with the rows that they are about. */
export const cacheOutbox = <Schema>(
  database: Database<Schema>,
  outbox: Outbox,
): OutboxPort<Transaction<Schema>> => ({
  append: (tx, rows) => outbox.append(tx, rows),
  afterCommit: (tx, action) => tx.afterCommit(action),
  markDelivered: (ids) => outbox.markDelivered(database, ids),
  oldestPending: (topic) => outbox.oldestPending(database, topic),
  reopen: (topic, milliseconds) => outbox.reopen(database, topic, milliseconds),
})
