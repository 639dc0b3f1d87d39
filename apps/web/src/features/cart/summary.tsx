import type { Money } from '@alicerce/api-client'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../lib/i18n/format.ts'

/** What it costs, and what to do next. */
export function Summary({
  total,
  above,
  children,
}: {
  total: Money
  above?: ReactNode
  children: ReactNode
}) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <section className="card grid gap-4 p-6 lg:sticky lg:top-24">
      <h2 className="font-semibold text-lg">{t('cart.summary')}</h2>
      {above}
      <dl className="grid grid-cols-[1fr_auto] gap-y-2 text-sm tabular-nums [&>dd]:text-right">
        <dt className="text-muted">{t('cart.subtotal')}</dt>
        <dd>{format.money(total)}</dd>
        <dt className="text-muted">{t('cart.shipping')}</dt>
        <dd>{t('cart.free')}</dd>
        <dt className="mt-2 border-line border-t pt-3 font-semibold text-base">{t('cart.total')}</dt>
        <dd className="mt-2 border-line border-t pt-3 font-semibold text-base">{format.money(total)}</dd>
      </dl>
      <div className="grid gap-2">{children}</div>
    </section>
  )
}
