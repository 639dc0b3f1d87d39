import { ApiProblem, type ApiScope, type Role } from '@alicerce/api-client'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { BackLink } from '../../../components/back-link.tsx'
import { Button, ButtonLink } from '../../../components/button.tsx'
import { CheckCard } from '../../../components/check-card.tsx'
import { TextField } from '../../../components/field.tsx'
import { ListSkeleton } from '../../../components/list.tsx'
import { ProblemNotice, Remark } from '../../../components/notice.tsx'
import { Page } from '../../../components/page.tsx'
import { useChange } from '../use-change.ts'
import { changeRole, roleQuery, rolesQuery } from './queries.ts'

/** One role and what it grants. */
export default function RolePage() {
  const { t } = useTranslation()
  const { name = '' } = useParams()
  const role = useQuery(roleQuery(name))
  const all = useQuery(rolesQuery)
  if (role.error instanceof ApiProblem && [400, 404].includes(role.error.status))
    return (
      <Page narrow title={t('errors.notFoundTitle')} lead={t('administration.roles.missing')}>
        <ButtonLink to="/administration/roles">{t('administration.roles.title')}</ButtonLink>
      </Page>
    )
  return (
    <Page
      narrow
      title={t(`roles.${name as 'customer'}`, { defaultValue: name })}
      above={<BackLink to="/administration/roles" text={t('administration.roles.title')} />}
    >
      <ProblemNotice error={role.error ?? all.error} onRetry={role.error ? role.refetch : all.refetch} />
      {(role.isPending || all.isPending) && <ListSkeleton rows={4} />}
      {role.data && all.data && <RoleForm key={role.data.etag} {...role.data} available={all.data.scopes} />}
    </Page>
  )
}

function RoleForm({ role, etag, available }: { role: Role; etag: string; available: ApiScope[] }) {
  const { t } = useTranslation()
  const [description, setDescription] = useState(role.description)
  const [chosen, setChosen] = useState<readonly ApiScope[]>(role.scopes)
  const save = useChange({
    change: (body: Pick<Role, 'description' | 'scopes'>) => changeRole(role.name, etag, body),
    outdated: rolesQuery.queryKey,
    done: t('administration.roles.saved'),
  })
  const isAdministrator = role.name === 'administrator'
  const isSame =
    description === role.description &&
    available.every((scope) => chosen.includes(scope) === role.scopes.includes(scope))
  function submit(event: FormEvent) {
    event.preventDefault()
    save.mutate({ description, scopes: available.filter((scope) => chosen.includes(scope)) })
  }
  return (
    <form onSubmit={submit} className="card grid gap-5 p-5 sm:p-6">
      {isAdministrator && <Remark tone="info">{t('administration.roles.own')}</Remark>}
      <TextField
        label={t('administration.roles.description')}
        value={description}
        required
        maxLength={200}
        onChange={({ target }) => setDescription(target.value)}
      />
      <fieldset className="grid gap-2">
        <legend className="mb-2">
          <span className="block font-semibold text-lg">{t('administration.roles.scopes')}</span>
          <span className="block text-muted text-sm">{t('administration.roles.scopesText')}</span>
        </legend>
        <div className="grid gap-2 sm:grid-cols-2">
          {available.map((scope) => (
            <CheckCard
              key={scope}
              label={scope}
              text={t(`administration.scopes.${scope}`, { nsSeparator: false })}
              checked={chosen.includes(scope)}
              disabled={isAdministrator && ['roles:manage', 'accounts:manage'].includes(scope)}
              onChange={({ target }) =>
                setChosen(target.checked ? [...chosen, scope] : chosen.filter((other) => other !== scope))
              }
            />
          ))}
        </div>
      </fieldset>
      <ProblemNotice error={save.error} />
      <div>
        <Button type="submit" disabled={isSame || save.isPending}>
          {t('common.save')}
        </Button>
      </div>
    </form>
  )
}
