import type { Migration } from '@alicerce/database'
import { sql } from 'kysely'

/** Since when it is known that the account's address is its person's. */
export const verifyAddresses: Migration = {
  async up(database) {
    await sql`alter table account add email_verified_at timestamptz`.execute(database)
  },
  async down(database) {
    await sql`alter table account drop email_verified_at`.execute(database)
  },
}
