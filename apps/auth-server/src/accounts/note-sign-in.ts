import type { Database } from '@alicerce/database'
import { currentTraceId } from '@alicerce/service-kit'
import { sql } from 'kysely'
import type { Tables } from '#src/schema.ts'

/** Who has signed in by his password, and from where. */
export type PasswordSignIn = { id: string; email: string; address: string }

/**
 * Notes a sign-in by password: when it was, in the audit log too, and the failures before it from the same address are forgotten. All or nothing, in
 * one statement, since every sign-in waits for it. False where the account is active no more: it may have been disabled while the password was
 * looked at.
 */
export async function notePasswordSignIn(
  { query }: Database<Tables>,
  { id, email, address }: PasswordSignIn,
): Promise<boolean> {
  const { rows } = await sql`
    with signed_in as (
      update account set last_sign_in_at = now() where id = ${id} and status = 'active' returning id::text
    ), forgotten as (
      delete from sign_in_failure
      where account = ${email} and address = ${address} and exists (select from signed_in)
    ), noted as (
      insert into audit_event (action, actor, target, outcome, address, trace_id)
      select 'sign-in', id, id, 'done', ${address}, ${currentTraceId() ?? null}::text from signed_in
    )
    select id from signed_in`.execute(query)
  return rows.length === 1
}
