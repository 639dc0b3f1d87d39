import { useInfiniteQuery } from '@tanstack/react-query'
import { ChevronRight, PackageOpen } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { StatusBadge } from '../../components/badge.tsx'
import { ButtonLink } from '../../components/button.tsx'
import { ListSkeleton, MoreButton } from '../../components/list.tsx'
import { EmptyState, ProblemNotice } from '../../components/notice.tsx'
import { Page } from '../../components/page.tsx'
import { useFormat } from '../../lib/i18n/format.ts'
import { ordersQuery } from './queries.ts'

/** The orders of the person who is signed in. */
export default function MyOrdersPage() {
  const { t } = useTranslation()
  const format = useFormat()
  const orders = useInfiniteQuery(ordersQuery({ scope: 'mine' }))
  const items = orders.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Page title={t('orders.mine')}>
      <ProblemNotice error={orders.error} onRetry={orders.refetch} />
      {orders.isPending && <ListSkeleton />}
      {orders.isSuccess && items.length === 0 && (
        <EmptyState icon={PackageOpen} title={t('orders.emptyTitle')} text={t('orders.emptyText')}>
          <ButtonLink to="/shop">{t('home.browse')}</ButtonLink>
        </EmptyState>
      )}
      <ul className="grid gap-3">
        {items.map((order) => (
          <li
            key={order.id}
            className="card group relative flex items-center gap-4 p-4 transition-colors hover:border-primary sm:p-5"
          >
            <div className="grid min-w-0 flex-1 gap-x-6 gap-y-2 sm:grid-cols-[10rem_1fr_auto_7rem] sm:items-center">
              <Link
                to={`/orders/${order.id}`}
                className="font-semibold tabular-nums after:absolute after:inset-0 after:rounded-lg group-hover:text-primary"
              >
                {order.number}
              </Link>
              <p className="text-muted text-sm">
                {format.date(order.placedAt)} · {t('orders.things', { count: order.lineCount })}
              </p>
              <p>
                <StatusBadge status={order.status} />
              </p>
              <p className="font-medium tabular-nums sm:text-right">{format.money(order.total)}</p>
            </div>
            <ChevronRight aria-hidden className="size-5 shrink-0 text-muted" />
          </li>
        ))}
      </ul>
      <MoreButton query={orders} shown={items.length} total={orders.data?.pages[0]?.total ?? 0} />
    </Page>
  )
}
