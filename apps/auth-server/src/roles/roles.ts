import type { Database, Transaction } from '@alicerce/database'
import type { Clock } from '@alicerce/service-kit'
import type { Selectable } from 'kysely'
import type { Tables } from '#src/schema.ts'

/** What people of a role may have done in their name. */
export type Role = {
  name: string
  /** For administrators. */
  description: string
  /** What a client may get of the API when one of these people signs in to it. */
  scopes: string[]
  version: number
}

/** Roles in PostgreSQL. */
export type Roles = {
  /** By name. */
  list(): Promise<Role[]>
  find(name: string): Promise<Role | undefined>
  /** The role, locked until the transaction ends. */
  lock(tx: Transaction<Tables>, name: string): Promise<Role | undefined>
  change(tx: Transaction<Tables>, name: string, changes: Pick<Role, 'description' | 'scopes'>): Promise<Role>
  /** All scopes that these roles grant together, at most five seconds old: it is asked at every token. */
  scopesOf(roles: readonly string[]): Promise<Set<string>>
}

const keptMilliseconds = 5_000

/** Roles, with their scopes kept in memory for a moment. */
export function createRoles({ database, clock }: { database: Database<Tables>; clock: Clock }): Roles {
  let known: { at: number; scopes: Promise<Map<string, string[]>> } | undefined

  /** One read for all who ask meanwhile; one that failed is not kept. */
  function scopesByRole(): Promise<Map<string, string[]>> {
    if (known && clock.now() - known.at < keptMilliseconds) return known.scopes
    const reading = { at: clock.now(), scopes: readScopes() }
    known = reading
    reading.scopes.catch(() => {
      if (known === reading) known = undefined
    })
    return reading.scopes
  }

  async function readScopes(): Promise<Map<string, string[]>> {
    const rows = await database.query.selectFrom('role').select(['name', 'scopes']).execute()
    return new Map(rows.map(({ name, scopes }) => [name, scopes]))
  }

  return {
    async list() {
      const rows = await database.query.selectFrom('role').selectAll().orderBy('name').execute()
      return rows.map(roleOf)
    },
    async find(name) {
      const row = await database.query
        .selectFrom('role')
        .selectAll()
        .where('name', '=', name)
        .executeTakeFirst()
      return row && roleOf(row)
    },
    async lock(tx, name) {
      const row = await tx.query
        .selectFrom('role')
        .selectAll()
        .where('name', '=', name)
        .forUpdate()
        .executeTakeFirst()
      return row && roleOf(row)
    },
    async change(tx, name, { description, scopes }) {
      const row = await tx.query
        .updateTable('role')
        .set((expression) => ({ description, scopes, version: expression('version', '+', 1) }))
        .where('name', '=', name)
        .returningAll()
        .executeTakeFirstOrThrow()
      tx.afterCommit(() => {
        known = undefined
      })
      return roleOf(row)
    },
    async scopesOf(roles) {
      const scopes = await scopesByRole()
      return new Set(roles.flatMap((role) => scopes.get(role) ?? []))
    },
  }
}

const roleOf = ({ name, description, scopes, version }: Selectable<Tables['role']>): Role => ({
  name,
  description,
  scopes,
  version,
})
