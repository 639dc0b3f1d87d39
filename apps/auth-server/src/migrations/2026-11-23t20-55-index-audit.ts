import type { Migration } from '@alicerce/database'
import { sql } from 'kysely'

/** What the audit log is read by: time, and each filter with it. */
export const indexAudit: Migration = {
  async up(database) {
    await sql`create index audit_event_time on audit_event (at, id)`.execute(database)
    await sql`create index audit_event_actor on audit_event (actor, at, id)`.execute(database)
    await sql`create index audit_event_action on audit_event (action, at, id)`.execute(database)
  },
  async down(database) {
    await sql`drop index audit_event_time, audit_event_actor, audit_event_action`.execute(database)
  },
}
