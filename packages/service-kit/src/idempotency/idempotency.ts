import type { Database, Queryable, Transaction } from '@alicerce/database'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import type { Clock } from '#src/clock.ts'
import { conflict, invalidRequest, unprocessable } from '#src/problem/problems.ts'
import { requestHash } from './request-hash.ts'

/** What a route answers, in a form that can be kept. */
export type StoredAnswer<Body> = {
  status: number
  /** Such as `location` and `etag`. */
  headers?: Readonly<Record<string, string>>
  /** Anything that JSON can hold. */
  body: Body
}

/** Runs the work of a creating route once for each `Idempotency-Key`. */
export type Idempotency<Schema> = {
  /**
   * Runs `work` in a transaction, keeps its answer in the same transaction, and sets status and headers on `reply`. A repeat of a
   * finished request gets the kept answer and does nothing. Keys belong to the caller and the route; they are kept for 24 hours. A
   * failure keeps nothing: the key can be used again.
   * @returns the body to return from the handler
   * @throws {Problem} 400 without a usable key, 409 while the first attempt runs, 422 when the key came with another request
   */
  run<Body>(
    request: FastifyRequest,
    reply: FastifyReply,
    work: (tx: Transaction<Schema>) => Promise<StoredAnswer<Body>>,
  ): Promise<Body>
}

const keptMilliseconds = 24 * 60 * 60 * 1000
const usableKey = /^[\x21-\x7e]{1,255}$/

/** Idempotency on the service's own database. It needs the table of `idempotencyMigration`. */
export function createIdempotency<Schema>(options: {
  database: Database<Schema>
  /** Default `Date`. */
  clock?: Clock
}): Idempotency<Schema> {
  const { database, clock = Date } = options
  return {
    async run(request, reply, work) {
      const attempt = attemptOf(request, clock.now())
      const { answer, repeated } = await database.transaction(async (tx) => {
        await lock(tx, attempt)
        const kept = await find(tx, attempt)
        if (kept)
          return { answer: kept as StoredAnswer<Awaited<ReturnType<typeof work>>['body']>, repeated: true }
        const answer = await work(tx)
        await keep(tx, attempt, answer)
        return { answer, repeated: false }
      })
      reply.code(answer.status).headers(answer.headers ?? {})
      if (repeated) reply.header('idempotency-replayed', 'true')
      return answer.body
    },
  }
}

type Attempt = { scope: string; key: string; hash: Buffer; now: Date; expiresAt: Date }

function attemptOf(request: FastifyRequest, now: number): Attempt {
  // The draft wants a structured field, which is a quoted string; most clients send the bare text. Both name the same key.
  const key = request.headers['idempotency-key']?.toString().replace(/^"(.*)"$/, '$1') ?? ''
  if (!usableKey.test(key)) {
    const detail = 'must be 1 to 255 visible ASCII characters'
    throw invalidRequest('Send a usable Idempotency-Key.', [{ parameter: 'Idempotency-Key', detail }])
  }
  const { caller, method, url, body } = request
  const scope = JSON.stringify([caller.sub, caller.client_id, method, request.routeOptions.url])
  const hash = requestHash({ method, url, body })
  return { scope, key, hash, now: new Date(now), expiresAt: new Date(now + keptMilliseconds) }
}

/** Held to the end of the transaction, by the server: a killed attempt lets go of it by itself. */
async function lock(tx: Queryable, { scope, key }: Attempt): Promise<void> {
  const name = JSON.stringify([scope, key])
  const { rows } = await sql<{ locked: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) as locked`.execute(tx.query)
  if (rows[0]?.locked) return
  throw conflict('The first attempt with this Idempotency-Key still runs. Ask again in a moment.', {
    code: 'idempotency-key-in-use',
    headers: { 'retry-after': '1' },
  })
}

type Row = { request_hash: Buffer; status: number; headers: Record<string, string>; body: unknown }

async function find(tx: Queryable, attempt: Attempt): Promise<StoredAnswer<unknown> | undefined> {
  const { scope, key, hash, now } = attempt
  const { rows } = await sql<Row>`
    select request_hash, status, headers, body from idempotency_keys
    where scope = ${scope} and key = ${key} and expires_at > ${now}`.execute(tx.query)
  const row = rows[0]
  if (row && !row.request_hash.equals(hash))
    throw unprocessable('This Idempotency-Key came with another request before. Use a new one.', {
      code: 'idempotency-key-reused',
    })
  return row && { status: row.status, headers: row.headers, body: row.body }
}

/** Each new key clears away some that have expired, so that the table needs no job of its own. */
async function keep(tx: Queryable, attempt: Attempt, answer: StoredAnswer<unknown>): Promise<void> {
  const { scope, key, hash, now, expiresAt } = attempt
  await sql`
    delete from idempotency_keys where (scope, key) in (
      select scope, key from idempotency_keys
      where expires_at <= ${now} order by expires_at limit 10 for update skip locked
    )`.execute(tx.query)
  const headers = JSON.stringify(answer.headers ?? {})
  const body = JSON.stringify(answer.body ?? null)
  await sql`
    insert into idempotency_keys (scope, key, request_hash, status, headers, body, expires_at)
    values (${scope}, ${key}, ${hash}, ${answer.status}, ${headers}::jsonb, ${body}::jsonb, ${expiresAt})
    on conflict (scope, key) do update set
      request_hash = excluded.request_hash, status = excluded.status, headers = excluded.headers,
      body = excluded.body, expires_at = excluded.expires_at`.execute(tx.query)
}
