import type { Database, Transaction } from '@alicerce/database'
import { writeAudit } from '#src/audit/audit.ts'
import type { Revocations } from '#src/revocations/revocations.ts'
import type { Tables } from '#src/schema.ts'
import { currentContext, requestOf } from './current-request.ts'

/** Ends a grant: its tokens, the grant itself, and what resource servers still believe. */
export type GrantEnding = (grantId: string) => Promise<void>

/**
 * The provider revokes a grant model by model, each call by itself and all at once; a failure between two of them would leave a grant that
 * nobody can end any more. Here the first call ends everything in one transaction, and the others of the same request wait for it (F-09, F-10).
 */
export function createGrantEnding(parts: {
  database: Database<Tables>
  revocations: Revocations
}): GrantEnding {
  const underWay = new WeakMap<object, Map<string, Promise<void>>>()
  return (grantId) => {
    const end = () => parts.database.transaction((tx) => endGrant(tx, grantId, parts.revocations))
    const request = currentContext()
    if (!request) return end()
    const ofRequest = underWay.get(request) ?? new Map<string, Promise<void>>()
    underWay.set(request, ofRequest)
    const ending = ofRequest.get(grantId) ?? end()
    ofRequest.set(grantId, ending)
    return ending
  }
}

/** Ends every grant that a person gave to a client, or that anybody did. */
export async function endGrantsOf(
  tx: Transaction<Tables>,
  { accountId, clientId }: { accountId?: string; clientId: string },
  revocations: Revocations,
): Promise<void> {
  const grants = await tx.query
    .selectFrom('oidc_artifact')
    .select('grant_id')
    .where('model', '=', 'Grant')
    .where('client_id', '=', clientId)
    .$if(accountId !== undefined, (query) => query.where('account_id', '=', accountId as string))
    .execute()
  for (const { grant_id } of grants) if (grant_id) await endGrant(tx, grant_id, revocations)
}

/** The grant, its tokens here, and its access tokens out there. A grant that is gone already is not revoked again. */
export async function endGrant(
  tx: Transaction<Tables>,
  grantId: string,
  revocations: Revocations,
): Promise<void> {
  const { numDeletedRows } = await tx.query
    .deleteFrom('oidc_artifact')
    .where('grant_id', '=', grantId)
    .executeTakeFirst()
  if (numDeletedRows === 0n) return
  await revocations.revoke(tx, 'grant', grantId)
  await writeAudit(tx, { ...requestOf(), action: 'revoke-grant', target: grantId, outcome: 'done' })
}
