import {
  Kysely,
  type Transaction as KyselyTransaction,
  PostgresDialect,
  type QueryExecutorProvider,
  sql,
} from 'kysely'
import type pg from 'pg'
import { withinDeadline } from './deadline.ts'
import { keepingClient } from './kept-statements.ts'
import type { Log } from './log.ts'
import { PatientPool } from './patient-pool.ts'

/** A service's database. */
export type Database<Schema> = {
  /** Typed SQL outside of a transaction. */
  readonly query: Kysely<Schema>
  /** Runs `work` in one transaction (read committed): committed when it resolves, rolled back when it throws. */
  transaction<R>(work: (tx: Transaction<Schema>) => Promise<R>): Promise<R>
  /** Resolves if the database answers within two seconds. For readiness. */
  ping(): Promise<void>
  /** Waits for running queries, then closes all connections. */
  close(): Promise<void>
}

/** One open transaction. Everything that belongs to it takes it as a parameter. */
export type Transaction<Schema> = {
  /** Typed SQL inside of the transaction. */
  readonly query: KyselyTransaction<Schema>
  /**
   * Has `action` run once the transaction is committed, never after a rollback. It is not waited for; if it fails, that is logged
   * and harms nothing. A crash may lose it: what must happen belongs into the outbox.
   */
  afterCommit(action: () => void): void
}

/** A database or a transaction, whatever its schema: enough to run SQL of this package's own tables in it. */
export type Queryable = { readonly query: QueryExecutorProvider }

/** How to reach the database. */
export type DatabaseOptions = {
  /** Connection URL of the runtime role. */
  url: string
  /** The name that PostgreSQL shows for these connections. */
  applicationName: string
  log: Log
  /** Most connections at once. Default 10. */
  poolSize?: number
  /** PostgreSQL cancels a statement that takes longer. Default 10 000. */
  statementTimeoutMilliseconds?: number
  /**
   * PostgreSQL ends a connection that says nothing for longer inside of a transaction, and rolls that back: a process that stands still would
   * keep its rows locked for as long as it does. Default 15 000.
   */
  idleInTransactionTimeoutMilliseconds?: number
  /** Told of every query, also of failed ones. */
  onQuery?: (query: { durationMilliseconds: number }) => void
}

/** How long to wait for a free or a new connection. */
const connectTimeoutMilliseconds = 5000
const pingTimeoutMilliseconds = 2000

/** Opens a pool of connections. Connects when first used, so it resolves also while PostgreSQL is away. */
export function createDatabase<Schema>(options: DatabaseOptions): Database<Schema> {
  const { log, onQuery } = options
  const query = new Kysely<Schema>({
    dialect: new PostgresDialect({ pool: createPool(options) }),
    log: (event) => onQuery?.({ durationMilliseconds: event.queryDurationMillis }),
  })
  return {
    query,
    async transaction(work) {
      const actions: (() => void)[] = []
      const result = await query
        .transaction()
        .execute((tx) => work({ query: tx, afterCommit: (action) => void actions.push(action) }))
      for (const action of actions) runAfterCommit(action, log)
      return result
    },
    async ping() {
      const answer = sql`select 1`.execute(query)
      await withinDeadline(answer, pingTimeoutMilliseconds, 'ping-timeout', 'The answer of the database')
    },
    close: () => query.destroy(),
  }
}

function createPool(options: DatabaseOptions): pg.Pool {
  const { url, applicationName, log, poolSize = 10, statementTimeoutMilliseconds = 10_000 } = options
  const { idleInTransactionTimeoutMilliseconds = 15_000 } = options
  const pool = new PatientPool({
    connectionString: url,
    Client: keepingClient(),
    application_name: applicationName,
    max: poolSize,
    statement_timeout: statementTimeoutMilliseconds,
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMilliseconds,
    connectionTimeoutMillis: connectTimeoutMilliseconds,
    keepAlive: true,
  })
  // A lost connection is an `error` event, and one that nobody listens to ends the process. The pool hears those of idle
  // connections only; a transaction between two statements is not idle.
  pool.on('connect', (client) =>
    client.on('error', (error) => {
      // While the pool ends, its connections are on their way out anyway.
      if (!pool.ending) log.warn({ error }, 'A database connection was lost')
    }),
  )
  pool.on('error', () => {})
  return pool
}

/** `action` is often asynchronous although its type does not say so: a rejection would end the process. */
function runAfterCommit(action: () => void, log: Log): void {
  Promise.try(action).catch((error) => log.error({ error }, 'An action after commit failed'))
}
