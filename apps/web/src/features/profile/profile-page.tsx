import type { Profile } from '@alicerce/api-client'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Badge } from '../../components/badge.tsx'
import { ListSkeleton } from '../../components/list.tsx'
import { ProblemNotice } from '../../components/notice.tsx'
import { Page } from '../../components/page.tsx'
import { useFormat } from '../../lib/i18n/format.ts'
import { ownProfileQuery } from '../../lib/person.ts'
import { accountCentre } from '../../lib/platform.ts'
import { ProfileForm } from './profile-form.tsx'

/** The own profile. */
export default function ProfilePage() {
  const { t } = useTranslation()
  const { data, isPending, error, refetch } = useQuery(ownProfileQuery)
  return (
    <Page title={t('profile.title')} lead={t('profile.lead')}>
      {isPending && <ListSkeleton rows={4} />}
      {!data && <ProblemNotice error={error} onRetry={refetch} />}
      {data && (
        <div className="grid items-start gap-6 lg:grid-cols-[1fr_20rem]">
          <ProfileForm key={data.profile.id} profile={data.profile} etag={data.etag} />
          <AccountCard profile={data.profile} />
        </div>
      )}
    </Page>
  )
}

function AccountCard({ profile }: { profile: Profile }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <section className="card p-6">
      <h2 className="mb-4 font-semibold text-lg">{t('profile.account')}</h2>
      <dl className="grid gap-4 text-sm">
        <Fact name={t('profile.email')}>
          <span className="break-all">{profile.email ?? '…'}</span>
        </Fact>
        <Fact name={t('profile.roles')}>
          <span className="flex flex-wrap gap-1.5">
            {profile.roles.map((role) => (
              <Badge key={role} tone="blue">
                {t(`roles.${role as 'customer'}`, { defaultValue: role })}
              </Badge>
            ))}
          </span>
        </Fact>
        <Fact name={t('profile.since')}>{format.date(profile.createdAt)}</Fact>
      </dl>
      <a
        className="mt-5 inline-block font-medium text-primary text-sm underline underline-offset-4"
        href={accountCentre}
      >
        {t('profile.security')}
      </a>
    </section>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="mb-1 text-muted">{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
