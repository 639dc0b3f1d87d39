import type { GatewayView } from '@alicerce/api-client'
import clsx from 'clsx'
import { CircleCheck, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Fact } from '../../../components/fact.tsx'
import { Remark } from '../../../components/notice.tsx'
import { useFormat } from '../../../lib/i18n/format.ts'

/** Above it, requests that change something are refused: revocations may have been missed. */
const longestSilenceMilliseconds = 10_000

/** What serves since when, how the last reading went, and whether the gateway has what it needs. */
export function State({ view }: { view: GatewayView }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { configuration, lastReading, access, rateLimits } = view
  const date = format.moment(lastReading.at)
  const isRight = lastReading.faults.length === 0
  const silent = access.revocationsSilentMilliseconds
  const isHeard = silent <= longestSilenceMilliseconds
  return (
    <section className="mb-10 grid gap-4">
      <h2 className="sr-only">{t('administration.gateway.state')}</h2>
      <Told texts={lastReading.faults} tone="warning">
        {t('administration.gateway.faults', { count: lastReading.faults.length })}
      </Told>
      <Told texts={lastReading.warnings} tone="info">
        {t('administration.gateway.warnings', { count: lastReading.warnings.length })}
      </Told>
      <dl className="card grid gap-4 p-5 text-sm sm:grid-cols-2 sm:p-6 lg:grid-cols-3">
        <StateFact name={t('administration.gateway.configuration')} isWell>
          <code>{configuration.hash.slice(0, 12)}</code>,{' '}
          {t('administration.gateway.since', { date: format.moment(configuration.since) })}
        </StateFact>
        <StateFact name={t('administration.gateway.lastReading')} isWell={isRight}>
          {t(isRight ? 'administration.gateway.readRight' : 'administration.gateway.readWrong', { date })}
        </StateFact>
        <StateFact name={t('administration.gateway.keys')} isWell={access.hasKeys}>
          {t(access.hasKeys ? 'administration.gateway.keysKnown' : 'administration.gateway.keysMissing')}
        </StateFact>
        <StateFact name={t('administration.gateway.revocations')} isWell={isHeard}>
          {isHeard
            ? t('administration.gateway.revocationsHeard')
            : t('administration.gateway.revocationsSilent', { seconds: Math.round(silent / 1000) })}
        </StateFact>
        <StateFact name={t('administration.gateway.counting')} isWell={!rateLimits.isAlone}>
          {t(
            rateLimits.isAlone
              ? 'administration.gateway.countingAlone'
              : 'administration.gateway.countingTogether',
          )}
        </StateFact>
      </dl>
    </section>
  )
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

/** Sentences of the gateway itself: it speaks English. */
function Told(props: { texts: string[]; tone: 'warning' | 'info'; children: string }) {
  const { texts, tone, children } = props
  if (texts.length === 0) return null
  return (
    <Remark tone={tone}>
      <p className="font-medium">{children}</p>
      <ul lang="en" className="mt-2 grid list-disc gap-1 pl-5">
        {texts.map((text) => (
          <li key={text} className="break-words">
            {text}
          </li>
        ))}
      </ul>
    </Remark>
  )
}
