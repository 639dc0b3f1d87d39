import type { AuditEvent, AuditLog, AuditPosition } from '#src/audit/audit-log.ts'
import { activityPage } from '#src/pages/account/activity-page.ts'
import type { CentrePages } from './centre-page.ts'

/** An entry of the audit log as the person sees it whom it is about. */
export type Activity = {
  at: string
  action: string
  outcome: string
  /** Null where somebody else did it: his address is not this person's to know. */
  address: string | null
  /** Whether somebody else did it, such as an administrator. */
  byOther: boolean
  details: Record<string, unknown> | null
}

const shown = 50
const exportedAtOnce = 500

/** What happened to the account of late. */
export const activityPages = ({ auditLog }: { auditLog: AuditLog }): CentrePages => ({
  activity: {
    async show({ options, person }) {
      const { id } = person.account
      const { items } = await auditLog.list({ about: id }, { limit: shown })
      return activityPage(
        options,
        items.map((event) => activityOf(event, id)),
      )
    },
  },
})

/** All that ever happened to the account, newest first. */
export async function wholeActivity(auditLog: AuditLog, accountId: string): Promise<Activity[]> {
  const all: Activity[] = []
  let after: AuditPosition | undefined
  do {
    const page = await auditLog.list({ about: accountId }, { limit: exportedAtOnce, ...(after && { after }) })
    all.push(...page.items.map((event) => activityOf(event, accountId)))
    after = page.next
  } while (after)
  return all
}

function activityOf(
  { at, action, outcome, actor, target, address, details }: AuditEvent,
  id: string,
): Activity {
  const byOther = actor !== null && actor.id !== id
  const isOwn = !byOther && (target === null || target.id === id)
  return { at, action, outcome, byOther, address: byOther ? null : address, details: isOwn ? details : null }
}
