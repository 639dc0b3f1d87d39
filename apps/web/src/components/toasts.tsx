import clsx from 'clsx'
import { CircleAlert, CircleCheck, Info, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { dismissToast, useToasts } from '../lib/toasts.ts'

const icons = { success: CircleCheck, danger: CircleAlert, info: Info }
const colours = { success: 'text-success', danger: 'text-danger', info: 'text-primary' }

/** The corner in which short messages come and go; screen readers hear them from its live region. */
export function Toasts() {
  const { t } = useTranslation()
  const { toasts } = useToasts()
  return (
    <div
      role="status"
      aria-live="polite"
      className="no-print pointer-events-none fixed inset-x-4 bottom-4 z-50 grid justify-items-center gap-2 sm:justify-items-end"
    >
      {toasts.map(({ id, text, tone, action }) => {
        const Icon = icons[tone]
        return (
          <div
            key={id}
            className="pointer-events-auto flex max-w-full animate-[rise_180ms_ease-out] items-center gap-3 rounded-md border border-line bg-raised py-2 pr-2 pl-4 shadow-lifted"
          >
            <Icon aria-hidden className={clsx('size-5 shrink-0', colours[tone])} />
            <p className="min-w-0 py-1 text-sm">{text}</p>
            {action && (
              <Link
                to={action.to}
                className="shrink-0 font-medium text-primary text-sm underline underline-offset-4"
              >
                {action.text}
              </Link>
            )}
            <button
              type="button"
              aria-label={t('common.dismiss')}
              onClick={() => dismissToast(id)}
              className="grid size-9 shrink-0 place-items-center rounded-md text-muted hover:bg-sunken"
            >
              <X aria-hidden className="size-4" />
            </button>
          </div>
        )
      })}
    </div>
  )
}
