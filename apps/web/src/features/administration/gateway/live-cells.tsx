import type { LiveFigures } from '@alicerce/api-client'
import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../lib/i18n/format.ts'
import { Cell } from '../table.tsx'

/** The names of the columns that {@link LiveCells} fill. */
export function useLiveColumns(): string[] {
  const { t } = useTranslation()
  return [
    t('administration.gateway.requests'),
    t('administration.gateway.failures'),
    t('administration.gateway.p50'),
    t('administration.gateway.p95'),
  ]
}

/** How many requests came, how many failed, and how long they took. */
export function LiveCells({ live }: { live: LiveFigures }) {
  const format = useFormat()
  const [requests = '', failures = '', p50 = '', p95 = ''] = useLiveColumns()
  const time = (value: number | null) => (value === null ? '–' : format.milliseconds(value))
  return (
    <>
      <Cell name={requests} numeric>
        {format.rate(live.requestsPerSecond)}
      </Cell>
      <Cell name={failures} numeric>
        <span className={live.failuresPerSecond > 0 ? 'font-semibold text-danger' : undefined}>
          {format.rate(live.failuresPerSecond)}
          {live.failuresPerSecond > 0 && <TriangleAlert aria-hidden className="ml-1.5 inline size-4" />}
        </span>
      </Cell>
      <Cell name={p50} numeric>
        {time(live.p50Milliseconds)}
      </Cell>
      <Cell name={p95} numeric>
        {time(live.p95Milliseconds)}
      </Cell>
    </>
  )
}
