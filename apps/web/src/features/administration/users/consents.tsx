import type { Account, Consent } from '@alicerce/api-client'
import { useQuery } from '@tanstack/react-query'
import { Unplug } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Badge } from '../../../components/badge.tsx'
import { Button } from '../../../components/button.tsx'
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx'
import { ListSkeleton } from '../../../components/list.tsx'
import { EmptyState, ProblemNotice } from '../../../components/notice.tsx'
import { useFormat } from '../../../lib/i18n/format.ts'
import { useChange } from '../use-change.ts'
import { consentsQuery, revokeConsent } from './queries.ts'

/** What a person has allowed which client, and the way to take it back. */
export function Consents({ account }: { account: Account }) {
  const { t } = useTranslation()
  const { data, isPending, error, refetch } = useQuery(consentsQuery(account.id))
  if (isPending) return <ListSkeleton rows={2} />
  if (error) return <ProblemNotice error={error} onRetry={refetch} />
  if (data.length === 0)
    return (
      <EmptyState
        icon={Unplug}
        title={t('administration.consents.emptyTitle')}
        text={t('administration.consents.emptyText')}
      />
    )
  return (
    <ul className="grid gap-2">
      {data.map((consent) => (
        <ConsentRow key={consent.clientId} account={account} consent={consent} />
      ))}
    </ul>
  )
}

function ConsentRow({ account, consent }: { account: Account; consent: Consent }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [isAsking, setAsking] = useState(false)
  const { clientId, clientName: client, scopes, grantedAt } = consent
  const revoke = useChange({
    change: () => revokeConsent(account.id, clientId),
    outdated: consentsQuery(account.id).queryKey,
    done: t('administration.consents.revoked', { client }),
  })
  return (
    <li className="card flex flex-wrap items-center justify-between gap-4 p-4">
      <div className="grid min-w-0 gap-2">
        <p className="break-words font-semibold">{client}</p>
        <p className="flex flex-wrap gap-1.5">
          {scopes.map((scope) => (
            <Badge key={scope}>{scope}</Badge>
          ))}
        </p>
        <p className="text-muted text-sm">
          {t('administration.consents.since', { date: format.moment(grantedAt) })}
        </p>
      </div>
      <Button variant="secondary" onClick={() => setAsking(true)}>
        {t('administration.consents.revoke')}
      </Button>
      <ConfirmDialog
        open={isAsking}
        danger
        title={t('administration.consents.confirmTitle', { client })}
        text={t('administration.consents.confirmText')}
        action={t('administration.consents.revoke')}
        change={revoke}
        onClose={() => setAsking(false)}
      />
    </li>
  )
}
