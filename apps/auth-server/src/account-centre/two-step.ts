import type { Transaction } from '@alicerce/database'
import { sql } from 'kysely'
import { writeAudit } from '#src/audit/audit.ts'
import { recoveryCodesPage, twoStepPage } from '#src/pages/account/two-step-pages.ts'
import type { Tables } from '#src/schema.ts'
import type { FactorKind, SecondFactors } from '#src/second-factors/second-factors.ts'
import { type CentrePages, type CentreParts, type CentreRequest, goTo } from './centre-page.ts'

type TwoStepParts = Pick<CentreParts, 'database' | 'secondFactors'>

/** What the account asks for besides its password, and the codes for whoever has lost that. */
export const twoStepPages = ({ database, secondFactors }: TwoStepParts): CentrePages => ({
  'two-step': {
    async show({ options, person }) {
      const kinds = await secondFactors.of(person.account.id)
      const codes = await secondFactors.recoveryCodes.left(person.account.id)
      return twoStepPage(options, { kinds, codes })
    },
  },
  'recovery-codes': {
    sensitive: true,
    back: 'two-step',
    async submit(request) {
      const { id } = request.person.account
      if (!hasFactor(await secondFactors.of(id))) return goTo(request, 'two-step')
      const codes = await database.transaction((tx) => renewCodes(tx, request, secondFactors))
      showCodes(request, codes)
    },
  },
})

/** Whether there is something to lose: recovery codes alone are no second step. */
const hasFactor = (kinds: FactorKind[]) => kinds.some((kind) => kind !== 'recovery-code')

async function renewCodes(
  tx: Transaction<Tables>,
  { person, address }: CentreRequest,
  { recoveryCodes }: SecondFactors,
): Promise<string[]> {
  const { id } = person.account
  const codes = await recoveryCodes.renew(tx, id)
  await writeAudit(tx, { action: 'renew-recovery-codes', actor: id, target: id, outcome: 'done', address })
  return codes
}

/** Whoever has his first second factor gets recovery codes with it, or a lost phone would lock him out. */
export async function firstCodes(
  tx: Transaction<Tables>,
  request: CentreRequest,
  secondFactors: SecondFactors,
): Promise<string[] | undefined> {
  const left = await secondFactors.recoveryCodes.left(request.person.account.id)
  return left > 0 ? undefined : renewCodes(tx, request, secondFactors)
}

/** Shows codes in the answer itself: they are told this once and are nowhere in clear. */
export function showCodes({ context, options }: CentreRequest, codes: string[]): void {
  context.body = recoveryCodesPage(options, codes)
}

/** Recovery codes go with the last of what they stand in for. */
export async function removeUselessCodes(
  tx: Transaction<Tables>,
  accountId: string,
  { recoveryCodes }: SecondFactors,
): Promise<void> {
  const { rows } = await sql<{ has: boolean }>`
    select exists (select from totp where account_id = ${accountId} and confirmed_at is not null)
      or exists (select from passkey where account_id = ${accountId}) as has`.execute(tx.query)
  if (!rows[0]?.has) await recoveryCodes.removeAll(tx, accountId)
}
