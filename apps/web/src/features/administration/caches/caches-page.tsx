import type { CacheView } from '@alicerce/api-client'
import { useQuery } from '@tanstack/react-query'
import { Pause, Play } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/button.tsx'
import { ListSkeleton } from '../../../components/list.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { Page } from '../../../components/page.tsx'
import { Tabs, useTab } from '../../../components/tabs.tsx'
import { useFormat } from '../../../lib/i18n/format.ts'
import { ClassesTable } from './classes-table.tsx'
import { useRates } from './figures.ts'
import { HottestTable } from './hottest-table.tsx'
import { InvalidationLog } from './invalidation-log.tsx'
import { ProcessesTable } from './processes-table.tsx'
import { type CachedService, cachedServices, cacheQuery, refreshMilliseconds } from './queries.ts'
import { State } from './state.tsx'
import { VoidForm } from './void-form.tsx'

/** The caches of the services. The figures follow by themselves, unless one stops them (WCAG 2.2.2) or cannot see them. */
export default function CachesPage() {
  const { t } = useTranslation()
  const format = useFormat()
  const service = useTab(cachedServices)
  const [isPaused, setPaused] = useState(false)
  const { data, isPending, error, refetch, dataUpdatedAt } = useQuery({
    ...cacheQuery(service),
    refetchInterval: isPaused ? false : refreshMilliseconds,
    refetchOnWindowFocus: !isPaused,
  })
  const Icon = isPaused ? Play : Pause
  return (
    <Page
      title={t('administration.caches.title')}
      lead={t('administration.caches.lead')}
      actions={
        <Button variant="secondary" onClick={() => setPaused(!isPaused)}>
          <Icon aria-hidden className="size-4" />
          {t(isPaused ? 'administration.caches.resume' : 'administration.caches.pause')}
        </Button>
      }
    >
      <Tabs
        label={t('administration.caches.services')}
        chosen={service}
        tabs={cachedServices.map((tab) => ({ tab, text: t(`administration.caches.service_${tab}`) }))}
      />
      <ProblemNotice error={error} onRetry={refetch} className="mb-6" />
      {isPending && <ListSkeleton rows={5} />}
      {data && (
        <>
          <p className="mb-4 text-muted text-sm tabular-nums">
            {t('administration.caches.asOf', { time: format.clock(dataUpdatedAt) })}{' '}
            {isPaused && t('administration.caches.paused')}
          </p>
          <View key={service} service={service} view={data} />
        </>
      )}
    </Page>
  )
}

function View({ service, view }: { service: CachedService; view: CacheView }) {
  const { t } = useTranslation()
  const rates = useRates(view)
  const [chosen, choose] = useState<{ class: string; key: string }>()
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-10">
      <State view={view} rates={rates} />
      <section className="grid gap-3">
        <h2 className="font-semibold text-xl">{t('administration.caches.classes')}</h2>
        <p className="text-muted">{t('administration.caches.classesLead')}</p>
        <ClassesTable classes={view.classes} rates={rates} />
      </section>
      <section className="grid gap-3">
        <h2 className="font-semibold text-xl">{t('administration.caches.hottest')}</h2>
        <HottestTable hottest={view.hottest} onChoose={choose} />
      </section>
      <VoidForm service={service} classes={view.classes.map(({ name }) => name)} chosen={chosen} />
      <InvalidationLog service={service} />
      <section className="grid gap-3">
        <h2 className="font-semibold text-xl">{t('administration.caches.processes')}</h2>
        <ProcessesTable processes={view.processes} />
      </section>
    </div>
  )
}
