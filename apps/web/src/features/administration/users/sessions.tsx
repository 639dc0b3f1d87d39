import type { Account } from '@alicerce/api-client'
import { useQuery } from '@tanstack/react-query'
import { MonitorX } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Badge } from '../../../components/badge.tsx'
import { Button } from '../../../components/button.tsx'
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx'
import { Fact } from '../../../components/fact.tsx'
import { ListSkeleton } from '../../../components/list.tsx'
import { EmptyState, ProblemNotice } from '../../../components/notice.tsx'
import { useFormat } from '../../../lib/i18n/format.ts'
import { useChange } from '../use-change.ts'
import { endSessions, sessionsQuery } from './queries.ts'

/** Where a person is signed in, and the way to end all of it. */
export function Sessions({ account }: { account: Account }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [isAsking, setAsking] = useState(false)
  const query = sessionsQuery(account.id)
  const { data, isPending, error, refetch } = useQuery(query)
  const end = useChange({
    change: () => endSessions(account.id),
    outdated: query.queryKey,
    done: t('administration.sessions.ended', { name: account.name }),
  })
  if (isPending) return <ListSkeleton rows={2} />
  if (error) return <ProblemNotice error={error} onRetry={refetch} />
  if (data.length === 0)
    return (
      <EmptyState
        icon={MonitorX}
        title={t('administration.sessions.emptyTitle')}
        text={t('administration.sessions.emptyText')}
      />
    )
  return (
    <section className="grid gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-muted">{t('administration.sessions.text')}</p>
        <Button variant="danger" onClick={() => setAsking(true)}>
          {t('administration.sessions.end')}
        </Button>
      </div>
      <ul className="grid gap-2">
        {data.map((session) => (
          <li key={session.id} className="card grid gap-3 p-4">
            <dl className="grid gap-3 text-sm sm:grid-cols-2">
              <Fact name={t('administration.sessions.signedInAt')}>{format.moment(session.signedInAt)}</Fact>
              <Fact name={t('administration.sessions.expiresAt')}>{format.moment(session.expiresAt)}</Fact>
            </dl>
            <p className="flex flex-wrap gap-1.5">
              {session.clients.map((client) => (
                <Badge key={client}>{client}</Badge>
              ))}
            </p>
          </li>
        ))}
      </ul>
      <ConfirmDialog
        open={isAsking}
        danger
        title={t('administration.sessions.confirmTitle', { name: account.name })}
        text={t('administration.sessions.confirmText')}
        action={t('administration.sessions.end')}
        change={end}
        onClose={() => setAsking(false)}
      />
    </section>
  )
}
