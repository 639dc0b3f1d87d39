import { ApiProblem } from '@alicerce/api-client'
import clsx from 'clsx'
import { CircleAlert, type LucideIcon, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button.tsx'
import { CopyButton } from './copy-button.tsx'

/** Tells what went wrong: the problem's own words and a trace id to copy. Nothing is shown without an error. */
export function ProblemNotice({
  error,
  onRetry,
  className,
}: {
  error: unknown
  onRetry?: () => void
  className?: string
}) {
  const { t } = useTranslation()
  const { title, detail, traceId } = useProblemWords(error)
  if (!error) return null
  return (
    <div
      role="alert"
      className={clsx('flex gap-3 rounded-md border border-danger/30 bg-danger-soft p-4', className)}
    >
      <CircleAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-danger" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        {detail && <p className="mt-1 text-sm">{detail}</p>}
        {traceId && (
          <p className="mt-2 flex flex-wrap items-center gap-x-2 text-muted text-xs">
            {t('common.traceId')} <code className="break-all">{traceId}</code> <CopyButton text={traceId} />
          </p>
        )}
        {onRetry && (
          <Button variant="secondary" size="small" className="mt-3" onClick={onRetry}>
            {t('common.retry')}
          </Button>
        )}
      </div>
    </div>
  )
}

/** The words for an error: those of the platform where it has some. */
export function useProblemWords(error: unknown): {
  title: string
  detail: string
  traceId: string | undefined
} {
  const { t } = useTranslation()
  if (error instanceof ApiProblem && error.status > 0)
    return {
      title: error.title || t('errors.unexpected'),
      detail: error.detail ?? (error.title ? '' : t('errors.unexpectedText')),
      traceId: error.traceId,
    }
  const isNetwork = error instanceof ApiProblem
  return {
    title: t(isNetwork ? 'errors.network' : 'errors.unexpected'),
    detail: t(isNetwork ? 'errors.networkText' : 'errors.unexpectedText'),
    traceId: undefined,
  }
}

/** A remark in a colour of its own. */
export function Remark({ children, tone = 'warning' }: { children: ReactNode; tone?: 'warning' | 'info' }) {
  return (
    <div
      role="status"
      className={clsx(
        'flex gap-3 rounded-md p-4 text-sm',
        tone === 'warning' ? 'bg-warning-soft text-warning' : 'bg-primary-soft text-on-primary-soft',
      )}
    >
      <TriangleAlert aria-hidden className="mt-px size-4 shrink-0" />
      <div className="min-w-0">{children}</div>
    </div>
  )
}

/** What stands where a list would be. */
export function EmptyState(props: { icon: LucideIcon; title: string; text: string; children?: ReactNode }) {
  const { icon: Icon, title, text, children } = props
  return (
    <div className="card flex flex-col items-center gap-2 border-dashed px-6 py-16 text-center">
      <span className="mb-2 grid size-14 place-items-center rounded-full bg-primary-soft text-on-primary-soft">
        <Icon aria-hidden className="size-6" />
      </span>
      <h2 className="font-semibold text-lg">{title}</h2>
      <p className="max-w-sm text-muted">{text}</p>
      {children && <div className="mt-4 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  )
}
