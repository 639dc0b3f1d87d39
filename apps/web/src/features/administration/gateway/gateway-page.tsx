import type { GatewayView } from '@alicerce/api-client'
import { useQuery } from '@tanstack/react-query'
import { Pause, Play } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/button.tsx'
import { ListSkeleton } from '../../../components/list.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { Page } from '../../../components/page.tsx'
import { useFormat } from '../../../lib/i18n/format.ts'
import { Cluster } from './cluster.tsx'
import { gatewayQuery, refreshMilliseconds } from './queries.ts'
import { RateLimitsTable } from './rate-limits-table.tsx'
import { RoutesTable } from './routes-table.tsx'
import { State } from './state.tsx'
import { WhichRouteForm } from './which-route.tsx'

/** What the gateway serves now. The figures follow by themselves, unless one stops them (WCAG 2.2.2) or cannot see them. */
export default function GatewayPage() {
  const { t } = useTranslation()
  const format = useFormat()
  const [isPaused, setPaused] = useState(false)
  const { data, isPending, error, refetch, dataUpdatedAt } = useQuery({
    ...gatewayQuery,
    refetchInterval: isPaused ? false : refreshMilliseconds,
    refetchOnWindowFocus: !isPaused,
  })
  const Icon = isPaused ? Play : Pause
  return (
    <Page
      title={t('administration.gateway.title')}
      lead={t('administration.gateway.lead')}
      actions={
        <Button variant="secondary" onClick={() => setPaused(!isPaused)}>
          <Icon aria-hidden className="size-4" />
          {t(isPaused ? 'administration.gateway.resume' : 'administration.gateway.pause')}
        </Button>
      }
    >
      <ProblemNotice error={error} onRetry={refetch} className="mb-6" />
      {isPending && <ListSkeleton rows={5} />}
      {data && (
        <>
          <p className="mb-4 text-muted text-sm tabular-nums">
            {t('administration.gateway.asOf', { time: format.clock(dataUpdatedAt) })}{' '}
            {isPaused && t('administration.gateway.paused')}
          </p>
          <View view={data} />
        </>
      )}
    </Page>
  )
}

function View({ view }: { view: GatewayView }) {
  const { t } = useTranslation()
  return (
    <>
      <State view={view} />
      <WhichRouteForm routes={view.routes} />
      <section className="mb-10 grid gap-6">
        <h2 className="font-semibold text-xl">{t('administration.gateway.clusters')}</h2>
        {view.clusters.length === 0 && <p className="text-muted">{t('administration.gateway.noClusters')}</p>}
        {view.clusters.map((cluster) => (
          <Cluster key={cluster.id} cluster={cluster} />
        ))}
      </section>
      <section className="mb-10 grid gap-3">
        <h2 className="font-semibold text-xl">{t('administration.gateway.routes')}</h2>
        <p className="text-muted">{t('administration.gateway.routesLead')}</p>
        <RoutesTable routes={view.routes} />
      </section>
      <section className="grid gap-3">
        <h2 className="font-semibold text-xl">{t('administration.gateway.limits')}</h2>
        <RateLimitsTable policies={view.rateLimits.policies} />
      </section>
    </>
  )
}
