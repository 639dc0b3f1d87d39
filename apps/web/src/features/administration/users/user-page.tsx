import { type Account, ApiProblem } from '@alicerce/api-client'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { AddressText } from '../../../components/address.tsx'
import { BackLink } from '../../../components/back-link.tsx'
import { Badge } from '../../../components/badge.tsx'
import { ButtonLink } from '../../../components/button.tsx'
import { Fact } from '../../../components/fact.tsx'
import { ListSkeleton } from '../../../components/list.tsx'
import { ProblemNotice, Remark } from '../../../components/notice.tsx'
import { Page } from '../../../components/page.tsx'
import { Tabs, useTab } from '../../../components/tabs.tsx'
import { useFormat } from '../../../lib/i18n/format.ts'
import { usePerson } from '../../../lib/person.ts'
import { Activity } from './activity.tsx'
import { Consents } from './consents.tsx'
import { PasswordLink } from './password-link.tsx'
import { accountQuery, profileQuery } from './queries.ts'
import { RolesForm } from './roles-form.tsx'
import { Sessions } from './sessions.tsx'
import { StatusForm } from './status-form.tsx'

/** One user: what he says of himself, and what he may do. */
export default function UserPage() {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const { data, isPending, error, refetch } = useQuery(accountQuery(id))
  if (isPending)
    return (
      <Page title={t('users.title')}>
        <ListSkeleton rows={4} />
      </Page>
    )
  if (error instanceof ApiProblem && [400, 404].includes(error.status))
    return (
      <Page narrow title={t('errors.notFoundTitle')} lead={t('users.missing')}>
        <ButtonLink to="/administration/users">{t('users.title')}</ButtonLink>
      </Page>
    )
  if (!data)
    return (
      <Page narrow title={t('users.title')}>
        <ProblemNotice error={error} onRetry={refetch} />
      </Page>
    )
  return <UserView account={data.account} etag={data.etag} />
}

const tabs = ['profile', 'roles', 'sessions', 'consents', 'activity'] as const

function UserView({ account, etag }: { account: Account; etag: string }) {
  const { t } = useTranslation()
  const { profile } = usePerson()
  const tab = useTab(tabs)
  const isSelf = profile?.id === account.id
  return (
    <Page
      title={account.name}
      above={<BackLink to="/administration/users" text={t('users.title')} />}
      lead={
        <p className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <span className="break-all">{account.email}</span>
          <Badge tone={account.status === 'active' ? 'green' : 'red'}>{t(`users.${account.status}`)}</Badge>
        </p>
      }
    >
      {isSelf && (
        <div className="mb-6">
          <Remark tone="info">{t('users.self')}</Remark>
        </div>
      )}
      <Tabs
        label={account.name}
        tabs={tabs.map((tab) => ({ tab, text: t(`users.tab_${tab}`) }))}
        chosen={tab}
      />
      {tab === 'profile' && (
        <div className="grid gap-6">
          <Facts account={account} />
          <PasswordLink account={account} />
          <StatusForm account={account} etag={etag} isSelf={isSelf} />
        </div>
      )}
      {tab === 'roles' && <RolesForm key={account.version} account={account} etag={etag} isSelf={isSelf} />}
      {tab === 'sessions' && <Sessions account={account} />}
      {tab === 'consents' && <Consents account={account} />}
      {tab === 'activity' && <Activity id={account.id} />}
    </Page>
  )
}

function Facts({ account }: { account: Account }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data: profile } = useQuery(profileQuery(account.id))
  return (
    <section className="card grid gap-4 p-5 text-sm sm:p-6">
      <h2 className="font-semibold text-lg">{t('users.profile')}</h2>
      <dl className="grid gap-4 sm:grid-cols-2">
        <Fact name={t('users.since')}>{format.date(account.createdAt)}</Fact>
        <Fact name={t('users.lastSignIn')}>
          {account.lastSignInAt ? format.moment(account.lastSignInAt) : t('users.never')}
        </Fact>
        <Fact name={t('profile.phone')}>{profile?.phone ?? '–'}</Fact>
        <Fact name={t('profile.addressTitle')}>
          {profile?.address ? <AddressText address={profile.address} /> : t('users.noAddress')}
        </Fact>
      </dl>
      <div>
        <ButtonLink to={`/staff/orders?customer=${account.id}`} variant="secondary" size="small">
          {t('users.orders')}
        </ButtonLink>
      </div>
    </section>
  )
}
