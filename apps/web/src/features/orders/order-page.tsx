import { ApiProblem, type Order } from '@alicerce/api-client'
import { useQuery } from '@tanstack/react-query'
import { ArrowLeft, Printer } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { AddressText } from '../../components/address.tsx'
import { StatusBadge } from '../../components/badge.tsx'
import { Button, ButtonLink } from '../../components/button.tsx'
import { ListSkeleton } from '../../components/list.tsx'
import { ProblemNotice } from '../../components/notice.tsx'
import { Page } from '../../components/page.tsx'
import { useFormat } from '../../lib/i18n/format.ts'
import { usePerson } from '../../lib/person.ts'
import { orderQuery } from './queries.ts'
import { Timeline } from './timeline.tsx'
import { Transitions } from './transitions.tsx'

/** One order: for its owner and for staff, each with what he can do to it. */
export default function OrderPage() {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const { data, isPending, error, refetch } = useQuery(orderQuery(id))
  if (isPending)
    return (
      <Page title={t('orders.order')}>
        <ListSkeleton rows={4} />
      </Page>
    )
  if (error instanceof ApiProblem && [400, 404].includes(error.status))
    return (
      <Page narrow title={t('errors.notFoundTitle')} lead={t('orders.missing')}>
        <ButtonLink to="/orders">{t('orders.backToMine')}</ButtonLink>
      </Page>
    )
  if (!data)
    return (
      <Page narrow title={t('orders.order')}>
        <ProblemNotice error={error} onRetry={refetch} />
      </Page>
    )
  return <OrderView order={data.order} etag={data.etag} />
}

function OrderView({ order, etag }: { order: Order; etag: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { profile } = usePerson()
  const isOwn = profile?.id === order.customer.id
  return (
    <Page
      title={t('orders.title', { number: order.number })}
      above={<BackLink isOwn={isOwn} />}
      lead={
        <p className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <StatusBadge status={order.status} />
          <span>{t('orders.placedOn', { date: format.moment(order.placedAt) })}</span>
        </p>
      }
      actions={
        <Button variant="ghost" onClick={() => print()}>
          <Printer aria-hidden className="size-4" /> {t('orders.print')}
        </Button>
      }
    >
      <div className="grid items-start gap-6 lg:grid-cols-[1fr_22rem]">
        <div className="grid min-w-0 gap-6">
          <Transitions order={order} etag={etag} isOwn={isOwn} />
          <Lines order={order} />
        </div>
        <div className="grid gap-6">
          {!isOwn && (
            <section className="card p-6">
              <h2 className="mb-3 font-semibold">{t('orders.customer')}</h2>
              <p className="break-words">{order.customer.name}</p>
              <p className="break-words text-muted text-sm">{order.customer.email}</p>
            </section>
          )}
          <section className="card p-6">
            <h2 className="mb-3 font-semibold">{t('orders.shipTo')}</h2>
            <AddressText address={order.shippingAddress} />
            {order.note && (
              <>
                <h3 className="mt-4 mb-1 font-medium text-muted text-sm">{t('orders.note')}</h3>
                <p className="break-words">{order.note}</p>
              </>
            )}
          </section>
          <section className="card p-6">
            <h2 className="mb-4 font-semibold">{t('orders.timeline')}</h2>
            <Timeline entries={order.timeline} />
          </section>
        </div>
      </div>
    </Page>
  )
}

function BackLink({ isOwn }: { isOwn: boolean }) {
  const { t } = useTranslation()
  return (
    <Link
      to={isOwn ? '/orders' : '/staff/orders'}
      className="no-print mb-4 inline-flex min-h-10 items-center gap-1.5 text-muted text-sm hover:text-ink hover:underline"
    >
      <ArrowLeft aria-hidden className="size-4" /> {t(isOwn ? 'orders.mine' : 'orders.all')}
    </Link>
  )
}

function Lines({ order }: { order: Order }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <section className="card overflow-hidden">
      <h2 className="px-5 pt-5 pb-2 font-semibold sm:px-6">{t('orders.lines')}</h2>
      <ul className="divide-y divide-line px-5 sm:px-6">
        {order.lines.map(({ productId, name, quantity, unitPrice, total, image }) => (
          <li key={productId} className="flex gap-4 py-4">
            <img
              src={image}
              alt=""
              width={64}
              height={64}
              className="size-16 shrink-0 rounded-md border border-line bg-sunken"
            />
            <div className="flex min-w-0 flex-1 flex-wrap items-baseline justify-between gap-x-4">
              <div className="min-w-0">
                <Link
                  to={`/shop/${productId}`}
                  className="break-words font-medium hover:text-primary hover:underline"
                >
                  {format.text(name)}
                </Link>
                <p className="text-muted text-sm tabular-nums">
                  {quantity} × {format.money(unitPrice)}
                </p>
              </div>
              <p className="tabular-nums">{format.money(total)}</p>
            </div>
          </li>
        ))}
      </ul>
      <p className="flex justify-between border-line border-t bg-sunken px-5 py-4 font-semibold tabular-nums sm:px-6">
        <span>{t('orders.total')}</span>
        <span>{format.money(order.total)}</span>
      </p>
    </section>
  )
}
