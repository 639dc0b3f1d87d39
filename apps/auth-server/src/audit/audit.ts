import { currentTraceId } from '@alicerce/service-kit'
import type { Kysely } from 'kysely'
import type { Tables } from '#src/schema.ts'

/** One thing that happened. */
export type AuditEntry = {
  action: string
  actor?: string | undefined
  target?: string | undefined
  outcome: 'done' | 'refused'
  address?: string | undefined
  details?: Record<string, unknown>
}

/** Writes an entry in the transaction of the change it tells of, so that neither is there without the other (SV-27). */
export async function writeAudit(tx: { readonly query: Kysely<Tables> }, entry: AuditEntry): Promise<void> {
  const { action, actor, target, outcome, address, details } = entry
  await tx.query
    .insertInto('audit_event')
    .values({
      action,
      actor: actor ?? null,
      target: target ?? null,
      outcome,
      address: address ?? null,
      trace_id: currentTraceId() ?? null,
      details: details ? JSON.stringify(details) : null,
    })
    .execute()
}
