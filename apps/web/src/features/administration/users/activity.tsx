import { useInfiniteQuery } from '@tanstack/react-query'
import { History } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ListSkeleton, MoreButton } from '../../../components/list.tsx'
import { EmptyState, ProblemNotice } from '../../../components/notice.tsx'
import { AuditTable } from '../audit/audit-table.tsx'
import { auditQuery } from '../audit/queries.ts'

/** What a person did, and what was done to her account. */
export function Activity({ id }: { id: string }) {
  const { t } = useTranslation()
  const audit = useInfiniteQuery(auditQuery({ about: id }))
  const events = audit.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <ProblemNotice error={audit.error} onRetry={audit.refetch} />
      {audit.isPending && <ListSkeleton />}
      {audit.isSuccess && events.length === 0 && (
        <EmptyState
          icon={History}
          title={t('administration.activity.emptyTitle')}
          text={t('administration.activity.emptyText')}
        />
      )}
      {events.length > 0 && <AuditTable events={events} />}
      <MoreButton query={audit} shown={events.length} />
    </>
  )
}
