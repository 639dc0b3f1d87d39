import type { CacheClassView } from '@alicerce/api-client'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../lib/i18n/format.ts'
import { readsIn } from './figures.ts'

/** Where answers came from, as a picture with its legend. */
export function TierBar({ reads }: { reads: CacheClassView['reads'] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const all = readsIn(reads)
  if (all === 0) return null
  const tiers = [
    { name: t('administration.caches.memory'), count: reads.l1 + reads.joined, look: 'bg-success' },
    { name: t('administration.caches.redis'), count: reads.redis, look: 'bg-primary' },
    { name: t('administration.caches.loads'), count: reads.database, look: 'bg-warning' },
  ]
  return (
    <div className="mt-3 grid gap-2">
      <div className="flex h-3 gap-px overflow-hidden rounded-full bg-sunken" aria-hidden>
        {tiers.map(({ name, count, look }) => (
          <span key={name} className={look} style={{ width: `${(count / all) * 100}%` }} />
        ))}
      </div>
      <ul className="flex flex-wrap gap-x-5 gap-y-1 text-muted text-sm">
        {tiers.map(({ name, count, look }) => (
          <li key={name} className="flex items-center gap-2">
            <span aria-hidden className={`size-2.5 rounded-full ${look}`} />
            {name} <span className="tabular-nums">{format.share(count / all)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
