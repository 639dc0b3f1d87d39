import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { dataFolder, target } from './target.ts'

/** Makes the sign-in of an account older than it is: nobody can move the clock of the auth server. `accountId` is a UUID. */
export async function makeSignInOlder(accountId: string, seconds: number): Promise<void> {
  const statement = `
    update oidc_artifact set payload = jsonb_set(payload, '{loginTs}', to_jsonb((payload->>'loginTs')::int - ${seconds}))
    where model = 'Session' and account_id = '${accountId}'`
  const changed = target.isCompose ? changeInContainer(statement) : await changeOnThisMachine(statement)
  if (changed === 0) throw new Error('The account is signed in nowhere')
}

async function changeOnThisMachine(statement: string): Promise<number | null> {
  const { databasePasswords } = JSON.parse(await readFile(join(dataFolder, 'secrets.json'), 'utf8'))
  const { auth_server: password } = databasePasswords
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port: target.port + 352, user: 'auth_server', database: 'auth', password },
  })
  await client.connect()
  const { rowCount } = await client.query(statement)
  await client.end()
  return rowCount
}

/** The database of the containers is on a network of its own: only its container is a way in. */
function changeInContainer(statement: string): number {
  const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8' }).trim()
  const project = 'label=com.docker.compose.project=alicerce-test'
  const id = docker(
    'ps',
    '--quiet',
    '--filter',
    project,
    '--filter',
    'label=com.docker.compose.service=postgres',
  )
  const answer = docker('exec', id, 'psql', '--username=postgres', '--dbname=auth', '--command', statement)
  return Number(answer.replace('UPDATE ', ''))
}
