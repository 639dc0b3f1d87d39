import pg from 'pg'
import { currentPlatform } from './platform.ts'

/** Runs a statement on the auth server's database, as its owner: to see what is at rest, and to make things older than they are. */
export async function changeAtRest<Row extends pg.QueryResultRow>(
  statement: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const connection = new pg.Client({ connectionString: currentPlatform().authDatabaseUrl })
  await connection.connect()
  try {
    return (await connection.query<Row>(statement, values)).rows
  } finally {
    await connection.end()
  }
}
