import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { createAsker } from '#src/auth/oauth.ts'
import { startPlatform } from '#src/auth/platform.ts'
import { loadRound } from '#src/measure/load.ts'
import { quantile } from '#src/measure/statistics.ts'
import { progress, type Report, rounded } from '#src/report.ts'

const rounds = 4
const grantsPerRound = 500_000
const workers = 4
/** The servers look every minute for what has expired. */
const patienceMilliseconds = 5 * 60_000

/**
 * Whether the tables of the auth server stay as they are while grants come and go by the million: two processes remove what has expired, and people go
 * on renewing their tokens meanwhile.
 */
export async function benchSoak(): Promise<Report> {
  await using opened = new AsyncDisposableStack()
  progress('Starting PostgreSQL, Redis and two auth servers')
  const platform = await startPlatform()
  opened.defer(platform.stop)
  const other = await platform.startAnother()
  opened.defer(other.stop)
  const database = new pg.Client({ connectionString: platform.databaseUrl })
  await database.connect()
  opened.defer(() => database.end())
  const { pid, url } = platform.auth
  const asker = createAsker({ pid, url, issuer: platform.issuer }, { workers })
  opened.defer(() => asker.close())
  const refresh = await asker.refresh()

  const rows: Record<string, number>[] = []
  for (let round = 1; round <= rounds; round++) {
    progress(`Round ${round} of ${rounds}: ${grantsPerRound} grants with their refresh tokens`)
    await addExpired(database, grantsPerRound)
    const startedAt = performance.now()
    const milliseconds: number[] = []
    while ((await expiredRows(database)) > 0) {
      if (performance.now() - startedAt > patienceMilliseconds) break
      milliseconds.push(...(await loadRound(refresh, { workers, pid, until: { seconds: 1 } })).milliseconds)
      await sleep(500)
    }
    const seconds = rounded((performance.now() - startedAt) / 1000)
    await vacuumed(database)
    rows.push({
      round,
      'seconds until removed': seconds,
      refreshes: milliseconds.length,
      'refresh p99, ms': rounded(quantile(milliseconds, 0.99)),
      'rows left': await expiredRows(database),
      'table and indexes, MB': rounded(await tableMegabytes(database)),
    })
  }
  // The first round makes the room, part of it in indexes that are filled in another order later; from the second on it is used again.
  const [second, last] = [rows[1], rows.at(-1)].map((row) => row?.['table and indexes, MB'] ?? Number.NaN)
  return {
    tables: [{ title: `${rounds * grantsPerRound} grants in ${rounds} rounds, two auth servers`, rows }],
    bars: [
      bar('expired rows that are left', Math.max(...rows.map((row) => row['rows left'] as number)), 0),
      bar('deadlocks', await deadlocks(database), 0),
      bar(
        'size of the table after the last round ÷ after the second',
        (last as number) / (second as number),
        1.1,
      ),
    ],
  }
}

const bar = (name: string, value: number, limit: number) => ({ name, value, limit, better: 'lower' as const })

/** Each grant with the refresh token that came of it, as the server stores them, expired since an hour. */
async function addExpired(database: pg.Client, grants: number): Promise<void> {
  for (const model of ['Grant', 'RefreshToken'])
    await database.query(
      `insert into oidc_artifact (model, id_hash, grant_id, account_id, client_id, payload, expires_at)
       select $1, sha256(convert_to($1 || clock_timestamp() || number, 'UTF8')), 'grant-' || number, gen_random_uuid()::text,
         'bench', jsonb_build_object('accountId', number, 'scope', repeat('orders:read ', 20)), now() - interval '1 hour'
       from generate_series(1, $2::int) as number`,
      [model, grants],
    )
}

async function expiredRows(database: pg.Client): Promise<number> {
  const { rows } = await database.query(
    `select count(*)::int as count from oidc_artifact where expires_at < now() - interval '2 minutes'`,
  )
  return rows[0].count
}

/** Waits until PostgreSQL itself has made the room of removed rows free again, as it does every minute. */
async function vacuumed(database: pg.Client): Promise<void> {
  const startedAt = performance.now()
  while (performance.now() - startedAt < patienceMilliseconds) {
    const { rows } = await database.query(
      `select n_dead_tup::int as dead from pg_stat_user_tables where relname = 'oidc_artifact'`,
    )
    if (rows[0].dead < grantsPerRound / 10) return
    await sleep(1000)
  }
}

async function tableMegabytes(database: pg.Client): Promise<number> {
  const { rows } = await database.query(`select pg_total_relation_size('oidc_artifact')::float8 as bytes`)
  return rows[0].bytes / 1e6
}

async function deadlocks(database: pg.Client): Promise<number> {
  const { rows } = await database.query(
    'select deadlocks::int from pg_stat_database where datname = current_database()',
  )
  return rows[0].deadlocks
}
