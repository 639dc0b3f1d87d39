import type { Database, Transaction } from '@alicerce/database'
import { writeAudit } from '#src/audit/audit.ts'
import type { Revocations } from '#src/revocations/revocations.ts'
import type { Tables } from '#src/schema.ts'
import { currentContext, requestOf } from './current-request.ts'
import { hashOf } from './hash-of.ts'

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

async function endGrant(tx: Transaction<Tables>, grantId: string, revocations: Revocations): Promise<void> {
  const tokens = await tx.query.deleteFrom('oidc_artifact').where('grant_id', '=', grantId).executeTakeFirst()
  const grant = await tx.query
    .deleteFrom('oidc_artifact')
    .where('model', '=', 'Grant')
    .where('id_hash', '=', hashOf(grantId))
    .executeTakeFirst()
  if (tokens.numDeletedRows + grant.numDeletedRows === 0n) return
  await revocations.revoke(tx, 'grant', grantId)
  await writeAudit(tx, { ...requestOf(), action: 'revoke-grant', target: grantId, outcome: 'done' })
}
