import type { Exchange } from '@alicerce/api-client'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../lib/i18n/format.ts'
import { type CacheAnswer, cacheAnswerOf, type Tier, tiers } from './tier.ts'

const looks: Record<Tier, string> = { l1: 'bg-success', redis: 'bg-primary', database: 'bg-warning' }

/** How the last requests were answered: which level had them, how old that was, and how far behind the cache may be. */
export function CacheLive({ exchanges }: { exchanges: Exchange[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const answers = exchanges.map(cacheAnswerOf).filter((answer) => answer !== undefined)
  if (answers.length === 0) return null
  const hits = answers.filter(({ tier }) => tier !== 'database')
  const oldest = greatest(hits, ({ age }) => age)
  const behind = greatest(hits, ({ behind }) => behind)
  const seconds = (value: number) => format.seconds(value * 1000)
  return (
    <section className="card mt-6 grid gap-4 p-5 sm:p-6">
      <h2 className="font-semibold text-lg">{t('telemetry.liveTitle', { count: answers.length })}</h2>
      <Tiers answers={answers} />
      <dl className="grid gap-4 text-sm sm:grid-cols-3">
        <Figure name={t('telemetry.liveOldest')}>
          {oldest === undefined ? '–' : t('telemetry.liveAgo', { time: seconds(oldest) })}
        </Figure>
        <Figure name={t('telemetry.liveBehind')}>{behind === undefined ? '–' : seconds(behind)}</Figure>
        <Figure name={t('telemetry.liveBound')}>{t('telemetry.liveBoundText')}</Figure>
      </dl>
      <p className="text-muted text-sm">{t('telemetry.liveText')}</p>
    </section>
  )
}

function Tiers({ answers }: { answers: CacheAnswer[] }) {
  const { t } = useTranslation()
  const counts = tiers.map((tier) => ({
    tier,
    count: answers.filter((answer) => answer.tier === tier).length,
  }))
  return (
    <div className="grid gap-2">
      <div className="flex h-3 gap-px overflow-hidden rounded-full bg-sunken" aria-hidden>
        {counts.map(({ tier, count }) => (
          <span key={tier} className={looks[tier]} style={{ width: `${(count / answers.length) * 100}%` }} />
        ))}
      </div>
      <ul className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
        {counts.map(({ tier, count }) => (
          <li key={tier} className="flex items-center gap-2">
            <TierDot tier={tier} />
            {t(`telemetry.tier_${tier}`)} <span className="text-muted tabular-nums">{count}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function TierDot({ tier }: { tier: Tier }) {
  return <span aria-hidden className={`size-2.5 shrink-0 rounded-full ${looks[tier]}`} />
}

/** In a list of requests: which level answered, and how old the answer was. */
export function TierMark({ exchange }: { exchange: Exchange }) {
  const { t } = useTranslation()
  const format = useFormat()
  const answer = cacheAnswerOf(exchange)
  if (!answer) return null
  return (
    <span className="flex items-center gap-1.5 text-muted text-xs">
      <TierDot tier={answer.tier} />
      {t(`telemetry.tier_${answer.tier}`)}
      {answer.age !== undefined && ` · ${t('telemetry.age', { time: format.seconds(answer.age * 1000) })}`}
    </span>
  )
}

function Figure({ name, children }: { name: string; children: string }) {
  return (
    <div>
      <dt className="text-muted">{name}</dt>
      <dd className="font-medium tabular-nums">{children}</dd>
    </div>
  )
}

function greatest<Item>(items: readonly Item[], of: (item: Item) => number | undefined): number | undefined {
  const known = items.map(of).filter((value) => value !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}
