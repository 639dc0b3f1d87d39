import { ApiProblem, type Order, type OrderAction } from '@alicerce/api-client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Ban, CreditCard, type LucideIcon, PackageCheck, Truck } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { TextArea } from '../../components/field.tsx'
import { ProblemNotice } from '../../components/notice.tsx'
import { showToast } from '../../lib/toasts.ts'
import { moveOrder, orderQuery } from './queries.ts'

const icons: Record<OrderAction, LucideIcon> = {
  pay: CreditCard,
  ship: Truck,
  deliver: PackageCheck,
  cancel: Ban,
}

/** What can be done to the order now: the server says what, and does it only to the version that is in view. */
export function Transitions({ order, etag, isOwn }: { order: Order; etag: string; isOwn: boolean }) {
  const { t } = useTranslation()
  const [isCancelling, setCancelling] = useState(false)
  const move = useMove(order, etag)
  if (order.transitions.length === 0) return null
  return (
    <section className="no-print card p-5 sm:p-6">
      <div className="flex flex-wrap items-center gap-2">
        {order.transitions.map((action) => {
          const Icon = icons[action]
          return (
            <Button
              key={action}
              variant={action === 'cancel' ? 'secondary' : 'primary'}
              disabled={move.isPending}
              onClick={() => (action === 'cancel' ? setCancelling(true) : move.mutate({ action }))}
            >
              <Icon aria-hidden className="size-4" /> {t(`orders.${action}`)}
            </Button>
          )
        })}
      </div>
      {order.transitions.includes('pay') && <p className="mt-3 text-muted text-sm">{t('orders.payNote')}</p>}
      {!isCancelling && <ProblemNotice error={move.error} className="mt-4" />}
      <CancelDialog
        open={isCancelling}
        needsReason={!isOwn}
        error={move.error}
        isPending={move.isPending}
        onClose={() => {
          setCancelling(false)
          move.reset()
        }}
        onConfirm={(reason) =>
          move.mutate(
            { action: 'cancel', ...(reason && { reason }) },
            { onSuccess: () => setCancelling(false) },
          )
        }
      />
    </section>
  )
}

function useMove(order: Order, etag: string) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { queryKey } = orderQuery(order.id)
  return useMutation({
    mutationFn: (change: { action: OrderAction; reason?: string }) => moveOrder(order.id, etag, change),
    onSuccess: (moved, { action }) => {
      queries.setQueryData(queryKey, moved)
      void queries.invalidateQueries({ queryKey: ['orders'] })
      showToast(t(`orders.toast_${action}`, { number: order.number }))
    },
    onError: (error) => {
      if (!(error instanceof ApiProblem) || ![409, 412].includes(error.status)) return
      // Somebody was faster: show how it stands now, do nothing on top of it.
      void queries.invalidateQueries({ queryKey })
      showToast(t('orders.stale'), { tone: 'info' })
    },
  })
}

function CancelDialog(props: {
  open: boolean
  needsReason: boolean
  error: unknown
  isPending: boolean
  onClose: () => void
  onConfirm: (reason: string) => void
}) {
  const { t } = useTranslation()
  const { open, needsReason, error, isPending, onClose, onConfirm } = props
  const [reason, setReason] = useState('')
  function submit(event: FormEvent) {
    event.preventDefault()
    onConfirm(reason.trim())
  }
  return (
    <Dialog open={open} title={t('orders.confirmCancelTitle')} onClose={onClose}>
      <form onSubmit={submit} className="grid gap-4">
        <p className="text-muted">{t('orders.confirmCancelText')}</p>
        <TextArea
          label={t('orders.reasonLabel')}
          {...(needsReason ? { hint: t('orders.reasonHint') } : { optional: true })}
          required={needsReason}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          error={error instanceof ApiProblem ? error.faultAt('/reason')?.detail : undefined}
        />
        <ProblemNotice error={error} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button variant="ghost" onClick={onClose}>
            {t('orders.keep')}
          </Button>
          <Button type="submit" variant="danger" disabled={isPending}>
            {t('orders.cancel')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
