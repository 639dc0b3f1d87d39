import { useTranslation } from 'react-i18next'
import { Button } from './button.tsx'

/** Rows to come. */
export function ListSkeleton({ rows = 6 }: { rows?: number }) {
  const { t } = useTranslation()
  return (
    <div className="grid gap-3" aria-busy="true" role="status" aria-label={t('app.loading')}>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no other identity
        <div key={index} className="skeleton h-16 w-full rounded-lg" />
      ))}
    </div>
  )
}

/** How much of a list is shown, and a button for more of it; nothing where all of it is there. */
export function MoreButton(props: {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown }
  shown: number
  /** Undefined where nobody counts. */
  total?: number | undefined
}) {
  const { t } = useTranslation()
  const { query, shown, total } = props
  if (!query.hasNextPage) return null
  return (
    <div className="mt-8 grid justify-items-center gap-3">
      {total !== undefined && (
        <p className="text-muted text-sm tabular-nums">{t('common.shown', { shown, total })}</p>
      )}
      <Button variant="secondary" disabled={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
        {t('common.more')}
      </Button>
    </div>
  )
}
