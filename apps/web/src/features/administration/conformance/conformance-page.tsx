import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { ListSkeleton, MoreButton } from '../../../components/list.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { Page } from '../../../components/page.tsx'
import { conformanceQuery } from './queries.ts'
import { Report } from './report.tsx'

/** How far the server and its clients keep the rules of the trade. */
export default function ConformancePage() {
  const { t } = useTranslation()
  const conformance = useInfiniteQuery(conformanceQuery)
  const pages = conformance.data?.pages ?? []
  const clients = pages.flatMap((page) => page.clients)
  const server = pages[0]?.server
  return (
    <Page title={t('administration.conformance.title')} lead={t('administration.conformance.lead')}>
      <ProblemNotice error={conformance.error} onRetry={conformance.refetch} />
      {conformance.isPending && <ListSkeleton rows={4} />}
      {server && (
        <section className="mb-10 grid gap-3">
          <h2 className="font-semibold text-xl">{t('administration.conformance.server')}</h2>
          <Report title={t('administration.conformance.thisServer')} report={server} />
        </section>
      )}
      {server && (
        <section className="grid gap-3">
          <h2 className="font-semibold text-xl">{t('administration.clients.title')}</h2>
          {clients.map(({ id, name, report }) => (
            <Report
              key={id}
              title={
                <>
                  <Link
                    to={`/administration/clients/${encodeURIComponent(id)}`}
                    className="hover:text-primary hover:underline"
                  >
                    {name}
                  </Link>{' '}
                  {/* Several clients may have one name, as ours have. */}
                  <code className="font-normal text-muted text-sm">{id}</code>
                </>
              }
              report={report}
            />
          ))}
        </section>
      )}
      <MoreButton query={conformance} shown={clients.length} />
    </Page>
  )
}
