import type { Migration } from '@alicerce/database'
import { sql } from 'kysely'

/** Roles, and the scopes that each lets its people hand to a client. */
export const createRoles: Migration = {
  async up(database) {
    await sql`
      create table role (
        name text primary key,
        description text not null,
        scopes text[] not null,
        version integer not null default 1
      )`.execute(database)
    await sql`
      insert into role (name, description, scopes) values
        ('customer', 'Orders things',
          '{orders:read,orders:write,users:read,users:write}'),
        ('support', 'Sees and moves all orders',
          '{orders:read,orders:write,users:read,users:write}'),
        ('administrator', 'Manages accounts, clients, keys and roles, and reads the audit log',
          '{orders:read,orders:write,users:read,users:write,accounts:manage,clients:manage,keys:manage,audit:read,roles:manage}')`.execute(
      database,
    )
  },
  async down(database) {
    await sql`drop table role`.execute(database)
  },
}
