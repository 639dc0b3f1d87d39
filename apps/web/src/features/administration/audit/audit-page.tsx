import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { Download, SearchX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/button.tsx'
import { FilterField, SelectField, TextField } from '../../../components/field.tsx'
import { ListSkeleton, MoreButton } from '../../../components/list.tsx'
import { EmptyState, ProblemNotice } from '../../../components/notice.tsx'
import { Page } from '../../../components/page.tsx'
import { startOfDay } from '../../../lib/days.ts'
import { useUrlFilters } from '../../../lib/url-state.ts'
import { AuditTable } from './audit-table.tsx'
import { type AuditFilter, auditActionsQuery, auditQuery, exportAudit } from './queries.ts'
import { useActionName } from './words.tsx'

/** The audit log. The address holds the whole view. */
export default function AuditPage() {
  const { t } = useTranslation()
  const filters = useUrlFilters()
  const filter = filterOf(filters.get)
  const audit = useInfiniteQuery(auditQuery(filter))
  const events = audit.data?.pages.flatMap((page) => page.items) ?? []
  const save = useMutation({ mutationFn: async () => offer(await exportAudit(filter), 'audit.csv') })
  return (
    <Page
      title={t('administration.audit.title')}
      lead={t('administration.audit.lead')}
      actions={
        <Button variant="secondary" disabled={save.isPending} onClick={() => save.mutate()}>
          <Download aria-hidden className="size-4" />
          {t(save.isPending ? 'administration.audit.exporting' : 'administration.audit.export')}
        </Button>
      }
    >
      <Filters {...filters} />
      <ProblemNotice error={save.error} className="mb-6" />
      <ProblemNotice error={audit.error} onRetry={audit.refetch} />
      {audit.isPending && <ListSkeleton />}
      {audit.isSuccess && events.length === 0 && (
        <EmptyState
          icon={SearchX}
          title={t('administration.audit.emptyTitle')}
          text={t('administration.audit.emptyText')}
        >
          {!filters.isEmpty && (
            <Button variant="secondary" onClick={filters.clear}>
              {t('common.clear')}
            </Button>
          )}
        </EmptyState>
      )}
      {events.length > 0 && <AuditTable events={events} />}
      <MoreButton query={audit} shown={events.length} />
    </Page>
  )
}

function Filters({ get, set }: Pick<ReturnType<typeof useUrlFilters>, 'get' | 'set'>) {
  const { t } = useTranslation()
  const nameOf = useActionName()
  const { data: known = [] } = useQuery(auditActionsQuery)
  const actions = [...new Set([...known, ...(get('action') ? [get('action')] : [])])]
  return (
    <div className="mb-8 grid items-end gap-4 sm:grid-cols-2 lg:grid-cols-3">
      <SelectField
        label={t('administration.audit.action')}
        value={get('action')}
        onChange={({ target }) => set({ action: target.value })}
      >
        <option value="">{t('common.all')}</option>
        {actions.map((action) => (
          <option key={action} value={action}>
            {nameOf(action)}
          </option>
        ))}
      </SelectField>
      {(['actor', 'target'] as const).map((party) => (
        <FilterField
          key={party}
          label={t(`administration.audit.${party}`)}
          placeholder={t('administration.audit.party')}
          value={get(party)}
          onFilter={(value) => set({ [party]: value })}
        />
      ))}
      <SelectField
        label={t('administration.audit.outcome')}
        value={get('outcome')}
        onChange={({ target }) => set({ outcome: target.value })}
      >
        <option value="">{t('common.all')}</option>
        <option value="done">{t('administration.audit.done')}</option>
        <option value="refused">{t('administration.audit.refused')}</option>
      </SelectField>
      {(['from', 'to'] as const).map((day) => (
        <TextField
          key={day}
          type="date"
          label={t(`administration.audit.${day}`)}
          value={get(day)}
          onChange={({ target }) => set({ [day]: target.value })}
        />
      ))}
    </div>
  )
}

/** The API's filter of the address. Days are those of the person who looks. */
function filterOf(get: (name: string) => string): AuditFilter {
  const outcome = (['done', 'refused'] as const).find((outcome) => outcome === get('outcome'))
  const from = startOfDay(get('from'))
  const to = startOfDay(get('to'), 1)
  return {
    ...(get('action') && { action: get('action') }),
    ...(get('actor') && { actor: get('actor') }),
    ...(get('target') && { target: get('target') }),
    ...(outcome && { outcome }),
    ...(from && { from }),
    ...(to && { to }),
  }
}

/** Lets the browser save `file` as `name`. */
function offer(file: Blob, name: string): void {
  const url = URL.createObjectURL(file)
  Object.assign(document.createElement('a'), { href: url, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
