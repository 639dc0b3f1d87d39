import type { OrderStatus } from '@alicerce/api-client'
import clsx from 'clsx'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

const tones = {
  neutral: 'bg-sunken text-muted',
  blue: 'bg-primary-soft text-on-primary-soft',
  clay: 'bg-accent-soft text-accent',
  green: 'bg-success-soft text-success',
  amber: 'bg-warning-soft text-warning',
  red: 'bg-danger-soft text-danger',
}

/** A word in a coloured pill. */
export function Badge({ tone = 'neutral', children }: { tone?: keyof typeof tones; children: ReactNode }) {
  return (
    <span
      className={clsx(
        'inline-flex items-center gap-1.5 whitespace-nowrap rounded-full px-2.5 py-0.5 font-medium text-xs',
        tones[tone],
      )}
    >
      {children}
    </span>
  )
}

const statusTones = {
  placed: 'amber',
  paid: 'blue',
  shipped: 'clay',
  delivered: 'green',
  cancelled: 'neutral',
} as const

/** Where an order stands; the word says it, the colour helps. */
export function StatusBadge({ status }: { status: OrderStatus }) {
  const { t } = useTranslation()
  return (
    <Badge tone={statusTones[status]}>
      <span aria-hidden className="size-1.5 rounded-full bg-current" />
      {t(`orders.${status}`)}
    </Badge>
  )
}
