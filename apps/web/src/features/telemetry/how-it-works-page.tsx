import type { Exchange } from '@alicerce/api-client'
import clsx from 'clsx'
import { Route } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { EmptyState, ProblemNotice } from '../../components/notice.tsx'
import { Page } from '../../components/page.tsx'
import { useFormat } from '../../lib/i18n/format.ts'
import { api, useExchanges } from '../../lib/platform.ts'
import { CacheLive, TierMark } from './cache-live.tsx'
import { CacheStory } from './cache-story.tsx'
import { Waterfall } from './waterfall.tsx'
import { wayOf } from './way.ts'

/** The way of the tab's last requests through the platform, read from the headers of their answers. */
export default function HowItWorksPage() {
  const { t } = useTranslation()
  const { exchanges } = useExchanges()
  const [chosenId, choose] = useState<number>()
  const chosen = exchanges.find(({ id }) => id === chosenId) ?? exchanges[0]
  return (
    <Page title={t('telemetry.title')} lead={t('telemetry.lead')}>
      <TryIt onAsked={() => choose(undefined)} />
      <CacheLive exchanges={exchanges} />
      {chosen ? (
        <div className="mt-6 grid items-start gap-6 lg:grid-cols-[20rem_minmax(0,1fr)]">
          <ExchangeList exchanges={exchanges} chosen={chosen} onChoose={choose} />
          <div className="grid gap-6 max-lg:row-start-1">
            <Way exchange={chosen} />
            <Explanation />
          </div>
        </div>
      ) : (
        <div className="mt-6">
          <EmptyState icon={Route} title={t('telemetry.emptyTitle')} text={t('telemetry.emptyText')} />
        </div>
      )}
    </Page>
  )
}

function TryIt({ onAsked }: { onAsked: () => void }) {
  const { t } = useTranslation()
  const [error, setError] = useState<unknown>()
  const [id, setId] = useState<string>()
  async function ask() {
    try {
      setError(undefined)
      const known =
        id ?? (await api.GET('/catalogue/products', { params: { query: { limit: 1 } } })).data?.items[0]?.id
      if (!known) return
      setId(known)
      await api.GET('/catalogue/products/{id}', { params: { path: { id: known } } })
      onAsked()
    } catch (problem) {
      setError(problem)
    }
  }
  return (
    <section className="flex flex-wrap items-center justify-between gap-4 rounded-lg bg-primary-soft p-5 text-on-primary-soft sm:px-6">
      <div className="max-w-2xl">
        <h2 className="font-semibold">{t('telemetry.tryTitle')}</h2>
        <p className="text-sm">{t('telemetry.tryText')}</p>
      </div>
      <Button onClick={ask}>{t('telemetry.tryButton')}</Button>
      <ProblemNotice error={error} className="w-full text-ink" />
    </section>
  )
}

function ExchangeList(props: { exchanges: Exchange[]; chosen: Exchange; onChoose: (id: number) => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { exchanges, chosen, onChoose } = props
  return (
    <section className="card overflow-hidden">
      <div className="flex items-center justify-between gap-2 py-3 pr-3 pl-5">
        <h2 className="font-semibold">{t('telemetry.requests')}</h2>
        <Button variant="ghost" size="small" onClick={() => useExchanges.setState({ exchanges: [] })}>
          {t('telemetry.clear')}
        </Button>
      </div>
      <ul className="max-h-[34rem] divide-y divide-line overflow-y-auto border-line border-t">
        {exchanges.map((exchange) => {
          const { id, method, path, status, duration, startedAt } = exchange
          const time = format.milliseconds(duration)
          return (
            <li key={id}>
              <button
                type="button"
                aria-pressed={id === chosen.id}
                onClick={() => onChoose(id)}
                className={clsx(
                  'grid w-full gap-1 px-5 py-3 text-left text-sm -outline-offset-2',
                  id === chosen.id ? 'bg-primary-soft' : 'hover:bg-sunken',
                )}
              >
                <span className="break-all font-mono text-xs">
                  <span className="font-semibold">{method}</span> {path}
                </span>
                <span className="flex justify-between gap-2 text-muted text-xs tabular-nums">
                  <span className={clsx(status >= 400 && 'font-medium text-danger')}>{status}</span>
                  <span>{time}</span>
                  <span>{format.clock(startedAt)}</span>
                </span>
                <TierMark exchange={exchange} />
              </button>
            </li>
          )
        })}
      </ul>
      <p className="border-line border-t px-5 py-3 text-muted text-xs">{t('telemetry.live')}</p>
    </section>
  )
}

function Way({ exchange }: { exchange: Exchange }) {
  const { t } = useTranslation()
  const stations = wayOf(exchange)
  return (
    <section className="card grid gap-6 p-5 sm:p-6">
      <div>
        <h2 className="font-semibold text-lg">{t('telemetry.way')}</h2>
        <p className="mt-1 break-all font-mono text-muted text-xs">
          {exchange.method} {exchange.path}
        </p>
      </div>
      <Waterfall stations={stations} total={exchange.duration} />
      {stations.length === 1 && <p className="text-muted text-sm">{t('telemetry.noTimings')}</p>}
      <div className="grid gap-3 border-line border-t pt-5">
        <h3 className="font-semibold text-sm">{t('telemetry.cacheTitle')}</h3>
        <CacheStory caches={exchange.caches} />
      </div>
      {exchange.traceId && (
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 border-line border-t pt-5 text-sm">
          <span className="text-muted">{t('common.traceId')}</span>
          <code className="break-all text-xs">{exchange.traceId}</code>
          <CopyButton text={exchange.traceId} />
        </p>
      )}
    </section>
  )
}

function Explanation() {
  const { t } = useTranslation()
  return (
    <section className="grid gap-3 px-1 text-muted text-sm">
      <h2 className="font-semibold text-base text-ink">{t('telemetry.explain')}</h2>
      <p>{t('telemetry.explainGateway')}</p>
      <p>{t('telemetry.explainService')}</p>
      <p>{t('telemetry.explainCache')}</p>
      <p>{t('telemetry.explainTrace')}</p>
    </section>
  )
}
