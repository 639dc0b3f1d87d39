import type { Account } from '@alicerce/api-client'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/button.tsx'
import { CheckCard } from '../../../components/check-card.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { useKeptDraft } from '../../../lib/session/use-kept-draft.ts'
import { changeRoles, type Role, roles } from './queries.ts'
import { useAccountChange } from './use-account-change.ts'

/** What a person may do. */
export function RolesForm({ account, etag, isSelf }: { account: Account; etag: string; isSelf: boolean }) {
  const { t } = useTranslation()
  const key = ['roles', account.id] as const
  const kept = useKeptDraft<Role[]>(key)
  const [chosen, setChosen] = useState<readonly string[]>(kept ?? account.roles)
  const save = useAccountChange(
    key,
    (wanted: Role[]) => changeRoles(account.id, etag, wanted),
    ({ name }) => t('users.rolesSaved', { name }),
  )
  const isSame = roles.every((role) => chosen.includes(role) === account.roles.includes(role))
  function submit(event: FormEvent) {
    event.preventDefault()
    save.mutate(roles.filter((role) => chosen.includes(role)))
  }
  return (
    <form onSubmit={submit} className="card grid gap-5 p-5 sm:p-6">
      <div>
        <h2 className="font-semibold text-lg">{t('users.rolesTitle')}</h2>
        <p className="text-muted text-sm">{t('users.rolesText')}</p>
      </div>
      <fieldset className="grid gap-2">
        <legend className="sr-only">{t('users.rolesTitle')}</legend>
        {roles.map((role) => (
          <CheckCard
            key={role}
            label={t(`roles.${role}`)}
            text={t(`users.role_${role}`)}
            checked={chosen.includes(role)}
            disabled={isSelf && role === 'administrator'}
            onChange={({ target }) =>
              setChosen(target.checked ? [...chosen, role] : chosen.filter((other) => other !== role))
            }
          />
        ))}
      </fieldset>
      <ProblemNotice error={save.error} />
      <div>
        <Button type="submit" disabled={isSame || save.isPending}>
          {t('users.saveRoles')}
        </Button>
      </div>
    </form>
  )
}
