import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { dataFolder, target } from './target.ts'

/**
 * Makes the sign-in of an account older than it is: nobody can move the clock of the auth server. For the platform that `npm test`
 * starts; the database of the containers is not reachable from here.
 */
export async function makeSignInOlder(accountId: string, seconds: number): Promise<void> {
  const { databasePasswords } = JSON.parse(await readFile(join(dataFolder, 'secrets.json'), 'utf8'))
  const { auth_server: password } = databasePasswords
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port: target.port + 352, user: 'auth_server', database: 'auth', password },
  })
  await client.connect()
  const { rowCount } = await client.query(
    `update oidc_artifact set payload = jsonb_set(payload, '{loginTs}', to_jsonb((payload->>'loginTs')::int - $2::int))
     where model = 'Session' and account_id = $1`,
    [accountId, seconds],
  )
  await client.end()
  if (!rowCount) throw new Error('The account is signed in nowhere')
}
