import { LockKeyhole, ShieldX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Outlet } from 'react-router'
import { ButtonLink } from '../components/button.tsx'
import { ProblemNotice } from '../components/notice.tsx'
import { Page } from '../components/page.tsx'
import { type Permission, permissions, usePerson } from '../lib/person.ts'
import { useSession } from '../lib/session/store.ts'
import { SignInButton } from './sign-in-button.tsx'

/** Lets pages through to people who are signed in and, with `permission`, may see them. The API decides for itself. */
export function Guard({ permission }: { permission?: Permission }) {
  const { status, isPending, error, may } = usePerson()
  if (status === 'signed-out') return <SignInRequired />
  if (status === 'restoring' || (permission && isPending)) return <Waiting />
  if (permission && error) return <Unknown error={error} />
  if (permission && !may(permission)) return <Forbidden permission={permission} />
  return <Outlet />
}

/** Stands where a page will be. */
export function Waiting() {
  const { t } = useTranslation()
  return (
    <div className="page py-12" aria-busy="true" aria-label={t('app.loading')} role="status">
      <div className="skeleton h-10 w-64 max-w-full" />
      <div className="skeleton mt-8 h-40 w-full" />
    </div>
  )
}

function SignInRequired() {
  const { t } = useTranslation()
  const { ended } = useSession() as { ended?: 'expired' | 'elsewhere' }
  return (
    <Page
      narrow
      title={t('session.requiredTitle')}
      above={<LockKeyhole aria-hidden className="mb-4 size-10 text-primary" />}
    >
      <p className="mb-6 text-muted">
        {ended === 'elsewhere'
          ? t('app.endedElsewhere')
          : ended === 'expired'
            ? t('app.expired')
            : t('session.requiredText')}
      </p>
      <SignInButton />
    </Page>
  )
}

function Forbidden({ permission }: { permission: Permission }) {
  const { t } = useTranslation()
  const roles = permissions[permission].map((role) => t(`roles.${role}`)).join(', ')
  return (
    <Page
      narrow
      title={t('errors.forbiddenTitle')}
      above={<ShieldX aria-hidden className="mb-4 size-10 text-danger" />}
    >
      <p>{t('errors.forbiddenText', { roles })}</p>
      <p className="mt-2 mb-6 text-muted">{t('errors.forbiddenHint', { permission })}</p>
      <ButtonLink to="/" variant="secondary">
        {t('errors.toHome')}
      </ButtonLink>
    </Page>
  )
}

function Unknown({ error }: { error: unknown }) {
  const { t } = useTranslation()
  return (
    <Page narrow title={t('errors.unexpected')}>
      <ProblemNotice error={error} />
    </Page>
  )
}
