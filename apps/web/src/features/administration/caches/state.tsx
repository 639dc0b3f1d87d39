import type { CacheView } from '@alicerce/api-client'
import clsx from 'clsx'
import { CircleCheck, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Fact } from '../../../components/fact.tsx'
import { useFormat } from '../../../lib/i18n/format.ts'
import { hitRatio, readsIn, totalReads } from './figures.ts'
import { TierBar } from './tier-bar.tsx'

/** The cache in a few sentences: how much is hit, how fresh it is, and whether all that it needs answers. */
export function State({ view, rates }: { view: CacheView; rates: ReadonlyMap<string, number> | undefined }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { processes, invalidations } = view
  const reads = totalReads(view.classes)
  const ratio = hitRatio(reads)
  const bound = format.duration(view.stalenessBoundMilliseconds)
  const behind = worstStaleness(view)
  const open = processes.filter(({ breaker }) => breaker !== 'closed').length
  const age = view.outboxAgeMilliseconds
  const evicted = view.evictedKeys
  return (
    <section className="grid gap-4">
      <h2 className="sr-only">{t('administration.caches.state')}</h2>
      <div className="card grid gap-6 p-5 sm:p-6">
        <div>
          <p className="text-muted text-sm">{t('administration.caches.hits')}</p>
          <p>
            <span className="font-semibold text-3xl tabular-nums">
              {ratio === undefined ? '–' : format.share(ratio)}
            </span>{' '}
            <span className="text-muted text-sm">
              {ratio === undefined
                ? t('administration.caches.noReads')
                : t('administration.caches.hitsOf', { reads: format.number(readsIn(reads)) })}
            </span>
          </p>
          <TierBar reads={reads} />
        </div>
        <dl className="grid gap-5 text-sm sm:grid-cols-2 lg:grid-cols-3">
          <StateFact name={t('administration.caches.staleness')} isWell={behind !== null}>
            {behind === null
              ? t('administration.caches.stalenessUnknown', { bound })
              : t('administration.caches.stalenessNow', { time: format.milliseconds(behind), bound })}
          </StateFact>
          <StateFact name={t('administration.caches.breaker')} isWell={open === 0}>
            {open === 0
              ? t('administration.caches.breakerClosed', { count: processes.length })
              : t('administration.caches.breakerOpen', { count: open, total: processes.length })}
          </StateFact>
          <StateFact
            name={t('administration.caches.outbox')}
            isWell={age !== null && age <= view.stalenessBoundMilliseconds}
          >
            {age === null
              ? t('administration.caches.outboxUnknown')
              : age === 0
                ? t('administration.caches.outboxNone')
                : t('administration.caches.outboxAge', { time: format.seconds(age) })}
          </StateFact>
          <Fact name={t('administration.caches.now')}>
            {rates
              ? format.rate([...rates.values()].reduce((sum, rate) => sum + rate, 0))
              : t('administration.caches.measuring')}
          </Fact>
          <Fact name={t('administration.caches.invalidated')}>
            {t('administration.caches.invalidatedText', {
              atOnce: format.number(invalidations.atOnce + invalidations.outside),
              byRelay: format.number(invalidations.byRelay),
              failed: format.number(invalidations.failed),
            })}
          </Fact>
          <StateFact name={t('administration.caches.evicted')} isWell={evicted === 0 || evicted === null}>
            {evicted === null
              ? t('administration.caches.evictedUnknown')
              : evicted === 0
                ? t('administration.caches.evictedNone')
                : t('administration.caches.evictedKeys', { count: evicted })}
          </StateFact>
        </dl>
      </div>
    </section>
  )
}

/** Of the processes that are heard of; null where one of them does not know. */
function worstStaleness({ processes }: CacheView): number | null {
  const known = processes.map(({ stalenessMilliseconds }) => stalenessMilliseconds)
  return known.includes(null) ? null : Math.max(0, ...(known as number[]))
}

function StateFact({ name, isWell, children }: { name: string; isWell: boolean; children: ReactNode }) {
  const Icon = isWell ? CircleCheck : TriangleAlert
  return (
    <Fact name={name}>
      <Icon
        aria-hidden
        className={clsx('-mt-0.5 mr-1.5 inline size-4', isWell ? 'text-success' : 'text-warning')}
      />
      {children}
    </Fact>
  )
}
