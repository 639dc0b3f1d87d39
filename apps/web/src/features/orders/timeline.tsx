import type { Order } from '@alicerce/api-client'
import clsx from 'clsx'
import {
  Ban,
  CircleCheckBig,
  CreditCard,
  type LucideIcon,
  PackageCheck,
  ShoppingBag,
  Truck,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../lib/i18n/format.ts'

type Entry = Order['timeline'][number]

const icons: Record<Entry['action'], LucideIcon> = {
  place: ShoppingBag,
  pay: CreditCard,
  ship: Truck,
  deliver: PackageCheck,
  cancel: Ban,
}

/** Who did what, the latest first. */
export function Timeline({ entries }: { entries: Entry[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const latestFirst = entries.toReversed()
  return (
    <ol>
      {latestFirst.map(({ at, action, actor, reason }, index) => {
        const Icon = icons[action] ?? CircleCheckBig
        const isLast = index === latestFirst.length - 1
        return (
          <li key={`${at}-${action}`} className="relative flex gap-4 pb-6 last:pb-0">
            {!isLast && (
              <span aria-hidden className="absolute top-9 bottom-0 left-[1.0625rem] w-px bg-line" />
            )}
            <span
              className={clsx(
                'grid size-9 shrink-0 place-items-center rounded-full',
                index === 0 ? 'bg-primary text-on-primary' : 'bg-sunken text-muted',
              )}
            >
              <Icon aria-hidden className="size-4" />
            </span>
            <div className="min-w-0 pt-1">
              <p className="font-medium">{t(`orders.done_${action}`)}</p>
              <p className="text-muted text-sm">
                <time dateTime={at}>{format.moment(at)}</time> ·{' '}
                {actor.role === 'customer'
                  ? t('orders.by', { name: actor.name })
                  : t('orders.byRole', { name: actor.name, role: t(`roles.${actor.role}`).toLowerCase() })}
              </p>
              {reason && (
                <p className="mt-1.5 break-words rounded-sm bg-sunken px-3 py-2 text-sm">{reason}</p>
              )}
            </div>
          </li>
        )
      })}
    </ol>
  )
}
