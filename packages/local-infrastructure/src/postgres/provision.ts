import pg from 'pg'

/** The databases of the platform: who owns and migrates each one, and whom its service is at run time. */
export const databases = {
  auth: { owner: 'auth_owner', runtime: 'auth_server' },
  users: { owner: 'users_owner', runtime: 'user_service' },
  orders: { owner: 'orders_owner', runtime: 'order_service' },
} as const

/** A PostgreSQL role that a process of the platform signs in as. */
export type DatabaseRole = (typeof databases)[keyof typeof databases]['owner' | 'runtime']

/**
 * Makes the roles and databases of the platform, or brings those that exist to the same state. Each service reaches its own
 * database only; its runtime role reads and writes rows and cannot change a table.
 */
export async function provisionDatabases(
  superuserUrl: string,
  passwords: Record<DatabaseRole, string>,
): Promise<void> {
  await withClient(superuserUrl, async (client) => {
    for (const [name, { owner, runtime }] of Object.entries(databases)) {
      await ensureRole(client, owner, passwords[owner])
      await ensureRole(client, runtime, passwords[runtime])
      await ensureDatabase(client, name, owner)
    }
    await client.query('revoke connect on database postgres, template1 from public')
  })
  for (const [name, roles] of Object.entries(databases)) await grantDatabase({ superuserUrl, name, ...roles })
}

/** What `owner` and `runtime` may do in database `name`; all others may do nothing. */
export async function grantDatabase(options: {
  superuserUrl: string
  name: string
  owner: string
  runtime: string
}) {
  const { superuserUrl, name, owner, runtime } = options
  await withClient(inDatabase(superuserUrl, name), async (client) => {
    const forOwner = `alter default privileges for role ${owner} in schema public`
    await client.query(`
      revoke all on database ${name} from public;
      grant connect on database ${name} to ${runtime};
      revoke all on schema public from public;
      alter schema public owner to ${owner};
      grant usage on schema public to ${runtime};
      ${forOwner} grant select, insert, update, delete on tables to ${runtime};
      ${forOwner} grant usage, select on sequences to ${runtime}`)
  })
}

async function ensureRole(client: pg.Client, role: string, password: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role])
  const verb = rowCount === 0 ? 'create' : 'alter'
  await client.query(`${verb} role ${role} login password ${client.escapeLiteral(password)}`)
}

async function ensureDatabase(client: pg.Client, name: string, owner: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
  if (rowCount === 0) await client.query(`create database ${name} owner ${owner}`)
}

function inDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}

async function withClient<R>(url: string, work: (client: pg.Client) => Promise<R>): Promise<R> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
