import type { Migration } from '@alicerce/database'
import { sql } from 'kysely'

/**
 * Counts an attempt unless there were too many: one call instead of five statements. Each statement of the function sees what was committed before
 * it, so that whoever has waited for the locks counts those who held them.
 */
export const countAttempts: Migration = {
  async up(database) {
    await sql`
      create function count_attempt(
        an_account text, an_address text, seconds integer, at_pair integer, from_address integer, at_account integer
      ) returns boolean language plpgsql as $function$
      declare
        counts record;
      begin
        perform pg_advisory_xact_lock(1, hashtext(an_account)), pg_advisory_xact_lock(2, hashtext(an_address));
        select
          count(*) filter (where account = an_account and address = an_address) as pair,
          count(*) filter (where address = an_address) as address,
          count(*) filter (where account = an_account) as account
        into counts
        from sign_in_failure
        where (account = an_account or address = an_address) and at > clock_timestamp() - make_interval(secs => seconds);
        if counts.pair >= at_pair or counts.address >= from_address or counts.account >= at_account then
          return false;
        end if;
        insert into sign_in_failure (account, address) values (an_account, an_address);
        return true;
      end
      $function$`.execute(database)
  },
  async down(database) {
    await sql`drop function count_attempt`.execute(database)
  },
}
