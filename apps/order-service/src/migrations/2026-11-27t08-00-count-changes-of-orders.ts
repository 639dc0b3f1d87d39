import type { Migration } from '@alicerce/database'
import { sql } from 'kysely'

/** How often the orders of a customer have changed: the version of every list of them. */
export const countChangesOfOrders: Migration = {
  async up(db) {
    await sql`alter table account add column orders_version bigint not null default 0`.execute(db)
  },
  async down(db) {
    await sql`alter table account drop column orders_version`.execute(db)
  },
}
