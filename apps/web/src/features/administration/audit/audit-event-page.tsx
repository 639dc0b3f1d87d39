import { ApiProblem, type AuditEvent } from '@alicerce/api-client'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { BackLink } from '../../../components/back-link.tsx'
import { ButtonLink } from '../../../components/button.tsx'
import { CopyButton } from '../../../components/copy-button.tsx'
import { Fact } from '../../../components/fact.tsx'
import { ListSkeleton } from '../../../components/list.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { Page } from '../../../components/page.tsx'
import { useFormat } from '../../../lib/i18n/format.ts'
import { auditEventQuery } from './queries.ts'
import { OutcomeBadge, PartyName, useActionName } from './words.tsx'

/** One entry of the audit log, with all that is known of it. */
export default function AuditEventPage() {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const nameOf = useActionName()
  const { data, isPending, error, refetch } = useQuery(auditEventQuery(id))
  if (error instanceof ApiProblem && [400, 404].includes(error.status))
    return (
      <Page narrow title={t('errors.notFoundTitle')} lead={t('administration.audit.missing')}>
        <ButtonLink to="/administration/audit">{t('administration.audit.title')}</ButtonLink>
      </Page>
    )
  return (
    <Page
      narrow
      title={data ? nameOf(data.action) : t('administration.audit.entry')}
      above={<BackLink to="/administration/audit" text={t('administration.audit.title')} />}
      lead={data && <OutcomeBadge outcome={data.outcome} />}
    >
      <ProblemNotice error={error} onRetry={refetch} />
      {isPending && <ListSkeleton rows={4} />}
      {data && <Facts event={data} />}
    </Page>
  )
}

function Facts({ event }: { event: AuditEvent }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <div className="grid gap-6">
      <dl className="card grid gap-4 p-5 text-sm sm:grid-cols-2 sm:p-6">
        <Fact name={t('administration.audit.when')}>
          <time dateTime={event.at}>{format.moment(event.at)}</time>
        </Fact>
        <Fact name={t('administration.audit.address')}>{event.address ?? '–'}</Fact>
        <Fact name={t('administration.audit.actor')}>
          <PartyLink party={event.actor} />
        </Fact>
        <Fact name={t('administration.audit.target')}>
          <PartyLink party={event.target} />
        </Fact>
        {event.traceId && (
          <Fact name={t('common.traceId')}>
            <code className="break-all">{event.traceId}</code> <CopyButton text={event.traceId} />
          </Fact>
        )}
      </dl>
      <section className="card grid gap-3 p-5 sm:p-6">
        <h2 className="font-semibold text-lg">{t('administration.audit.details')}</h2>
        {event.details ? (
          <dl className="grid gap-3 text-sm">
            {Object.entries(event.details).map(([name, value]) => (
              <Fact key={name} name={name}>
                {wordsOf(value)}
              </Fact>
            ))}
          </dl>
        ) : (
          <p className="text-muted">{t('administration.audit.noDetails')}</p>
        )}
      </section>
    </div>
  )
}

/** A person leads to his account; a client or a key is only named. */
function PartyLink({ party }: { party: AuditEvent['actor'] }) {
  if (!party?.name) return <PartyName party={party} />
  return (
    <>
      <Link to={`/administration/users/${party.id}`} className="font-medium text-primary hover:underline">
        {party.name}
      </Link>
      <code className="block break-all text-muted text-xs">{party.id}</code>
    </>
  )
}

function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(wordsOf).join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}
