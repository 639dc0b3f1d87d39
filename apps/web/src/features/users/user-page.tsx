import { type Account, ApiProblem } from '@alicerce/api-client'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { AddressText } from '../../components/address.tsx'
import { BackLink } from '../../components/back-link.tsx'
import { Badge } from '../../components/badge.tsx'
import { ButtonLink } from '../../components/button.tsx'
import { ListSkeleton } from '../../components/list.tsx'
import { ProblemNotice, Remark } from '../../components/notice.tsx'
import { Page } from '../../components/page.tsx'
import { useFormat } from '../../lib/i18n/format.ts'
import { usePerson } from '../../lib/person.ts'
import { accountQuery, profileQuery } from './queries.ts'
import { RolesForm } from './roles-form.tsx'
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

function UserView({ account, etag }: { account: Account; etag: string }) {
  const { t } = useTranslation()
  const { profile } = usePerson()
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
      <div className="grid items-start gap-6 lg:grid-cols-[1fr_20rem]">
        <div className="grid gap-6">
          <RolesForm key={account.version} account={account} etag={etag} isSelf={isSelf} />
          <StatusForm account={account} etag={etag} isSelf={isSelf} />
        </div>
        <Facts account={account} />
      </div>
    </Page>
  )
}

function Facts({ account }: { account: Account }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data: profile } = useQuery(profileQuery(account.id))
  const facts = [
    [t('users.since'), format.date(account.createdAt)],
    [t('users.lastSignIn'), account.lastSignInAt ? format.moment(account.lastSignInAt) : t('users.never')],
    [t('profile.phone'), profile?.phone ?? '–'],
  ]
  return (
    <section className="card grid gap-4 p-6 text-sm">
      <h2 className="font-semibold text-lg">{t('users.profile')}</h2>
      <dl className="grid gap-4">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className="text-muted">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt className="text-muted">{t('profile.addressTitle')}</dt>
          <dd>{profile?.address ? <AddressText address={profile.address} /> : t('users.noAddress')}</dd>
        </div>
      </dl>
      <ButtonLink to={`/staff/orders?customer=${account.id}`} variant="secondary" size="small">
        {t('users.orders')}
      </ButtonLink>
    </section>
  )
}
