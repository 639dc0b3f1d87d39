import { ApiProblem, type NewAccount } from '@alicerce/api-client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { BackLink } from '../../../components/back-link.tsx'
import { Button } from '../../../components/button.tsx'
import { CheckCard } from '../../../components/check-card.tsx'
import { SelectField, TextField } from '../../../components/field.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { Page } from '../../../components/page.tsx'
import { type Locale, locales } from '../../../lib/i18n/index.ts'
import { showToast } from '../../../lib/toasts.ts'
import { createAccount, type Role, roles } from './queries.ts'

/** Makes an account for somebody. */
export default function NewUserPage() {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [account, setAccount] = useState<NewAccount>({
    name: '',
    email: '',
    locale: i18n.language as Locale,
    roles: ['customer'],
    password: '',
  })
  const create = useMutation({
    mutationFn: createAccount,
    onSuccess: ({ id, name }) => {
      void queries.invalidateQueries({ queryKey: ['users'] })
      showToast(
        t(account.password ? 'administration.newUser.created' : 'administration.newUser.invited', { name }),
      )
      return navigate(`/administration/users/${id}`)
    },
  })
  const faultOf = (field: string) =>
    create.error instanceof ApiProblem ? create.error.faultAt(`#/${field}`)?.detail : undefined
  const text = (field: 'name' | 'email' | 'password') => ({
    value: account[field] ?? '',
    required: field !== 'password',
    error: faultOf(field),
    onChange: ({ target }: { target: { value: string } }) =>
      setAccount({ ...account, [field]: target.value }),
  })
  const change = (role: Role, has: boolean) =>
    setAccount({
      ...account,
      roles: roles.filter((each) => (each === role ? has : account.roles.includes(each))),
    })
  function submit(event: FormEvent) {
    event.preventDefault()
    const { password, ...rest } = account
    create.mutate(password ? account : rest)
  }
  return (
    <Page
      narrow
      title={t('administration.newUser.title')}
      lead={t('administration.newUser.lead')}
      above={<BackLink to="/administration/users" text={t('users.title')} />}
    >
      <form onSubmit={submit} className="card grid gap-5 p-5 sm:p-6">
        <TextField label={t('profile.name')} autoComplete="off" maxLength={120} {...text('name')} />
        <TextField
          label={t('profile.email')}
          type="email"
          autoComplete="off"
          maxLength={254}
          {...text('email')}
        />
        <SelectField
          label={t('profile.language')}
          value={account.locale}
          onChange={({ target }) => setAccount({ ...account, locale: target.value as Locale })}
        >
          {locales.map((locale) => (
            <option key={locale} value={locale}>
              {new Intl.DisplayNames(locale, { type: 'language' }).of(locale)}
            </option>
          ))}
        </SelectField>
        <TextField
          label={t('administration.newUser.password')}
          hint={t('administration.newUser.passwordHint')}
          optional
          type="password"
          autoComplete="new-password"
          minLength={10}
          maxLength={256}
          {...text('password')}
        />
        <fieldset className="grid gap-2">
          <legend className="mb-1.5 font-medium text-sm">{t('users.rolesTitle')}</legend>
          {roles.map((role) => (
            <CheckCard
              key={role}
              label={t(`roles.${role}`)}
              text={t(`users.role_${role}`)}
              checked={account.roles.includes(role)}
              onChange={({ target }) => change(role, target.checked)}
            />
          ))}
        </fieldset>
        <ProblemNotice error={create.error} />
        <div>
          <Button type="submit" disabled={create.isPending}>
            {t('administration.newUser.create')}
          </Button>
        </div>
      </form>
    </Page>
  )
}
