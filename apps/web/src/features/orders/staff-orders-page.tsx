import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { SearchX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { SearchField, SelectField, TextField } from '../../components/field.tsx'
import { ListSkeleton, MoreButton } from '../../components/list.tsx'
import { EmptyState, ProblemNotice } from '../../components/notice.tsx'
import { Page } from '../../components/page.tsx'
import { startOfDay } from '../../lib/days.ts'
import { oneOf, useUrlFilters } from '../../lib/url-state.ts'
import { OrderTable } from './order-table.tsx'
import { orderCountsQuery, orderSorts, orderStatuses, ordersQuery } from './queries.ts'

/** Everybody's orders, for staff. The address holds the whole view. */
export default function StaffOrdersPage() {
  const { t } = useTranslation()
  const filters = useUrlFilters()
  const orders = useInfiniteQuery(ordersQuery(filterOf(filters.get)))
  const items = orders.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Page title={t('orders.all')}>
      <StatusFilter chosen={filters.get('status')} onChoose={(status) => filters.set({ status })} />
      <div className="mt-6 mb-8 grid items-end gap-4 sm:grid-cols-2 lg:grid-cols-[1fr_10rem_10rem_13rem]">
        <div className="sm:max-lg:col-span-2">
          <SearchField
            label={t('orders.searchLabel')}
            placeholder={t('orders.searchPlaceholder')}
            value={filters.get('search')}
            onSearch={(search) => filters.set({ search })}
          />
        </div>
        <TextField
          type="date"
          label={t('orders.from')}
          value={filters.get('from')}
          onChange={(event) => filters.set({ from: event.target.value })}
        />
        <TextField
          type="date"
          label={t('orders.to')}
          value={filters.get('to')}
          onChange={(event) => filters.set({ to: event.target.value })}
        />
        <SelectField
          label={t('orders.sort')}
          value={oneOf(filters.get('sort'), orderSorts)}
          onChange={(event) => filters.set({ sort: event.target.value })}
        >
          <option value="-placedAt">{t('orders.sortNewest')}</option>
          <option value="placedAt">{t('orders.sortOldest')}</option>
          <option value="-total">{t('orders.sortTotal')}</option>
          <option value="total">{t('orders.sortTotalUp')}</option>
        </SelectField>
      </div>
      <ProblemNotice error={orders.error} onRetry={orders.refetch} />
      {orders.isPending && <ListSkeleton />}
      {items.length > 0 && <OrderTable orders={items} />}
      {orders.isSuccess && items.length === 0 && (
        <EmptyState
          icon={SearchX}
          title={t('orders.emptyFilteredTitle')}
          text={t('orders.emptyFilteredText')}
        >
          {!filters.isEmpty && (
            <Button variant="secondary" onClick={filters.clear}>
              {t('common.clear')}
            </Button>
          )}
        </EmptyState>
      )}
      <MoreButton query={orders} shown={items.length} total={orders.data?.pages[0]?.total ?? 0} />
    </Page>
  )
}

/** The API's filter of the address. Days are those of the person who looks. */
function filterOf(get: (name: string) => string) {
  const from = startOfDay(get('from'))
  const to = startOfDay(get('to'), 1)
  const status = orderStatuses.find((status) => status === get('status'))
  return {
    scope: 'all' as const,
    sort: oneOf(get('sort'), orderSorts),
    ...(status && { status }),
    ...(get('search') && { search: get('search') }),
    ...(get('customer') && { customer: get('customer') }),
    ...(from && { from }),
    ...(to && { to }),
  }
}

function StatusFilter({ chosen, onChoose }: { chosen: string; onChoose: (status: string) => void }) {
  const { t } = useTranslation()
  const { data } = useQuery(orderCountsQuery)
  const choices = [
    { status: '', text: t('common.all'), count: data?.total },
    ...orderStatuses.map((status) => ({ status, text: t(`orders.${status}`), count: data?.counts[status] })),
  ]
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend in view
    <div
      role="group"
      aria-label={t('orders.status')}
      className="grid grid-cols-2 gap-2 sm:grid-cols-3 lg:grid-cols-6"
    >
      {choices.map(({ status, text, count }) => (
        <button
          key={status}
          type="button"
          aria-pressed={status === chosen}
          onClick={() => onChoose(status)}
          className={clsx(
            'rounded-md border px-4 py-3 text-left transition-colors',
            status === chosen
              ? 'border-primary bg-primary-soft text-on-primary-soft'
              : 'border-line bg-surface hover:border-line-strong',
          )}
        >
          <span className="block font-semibold text-xl tabular-nums">{count ?? '–'}</span>
          <span className="text-sm">{text}</span>
        </button>
      ))}
    </div>
  )
}
