import { ApiProblem, type Client, type ClientSettings } from '@alicerce/api-client'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { BackLink } from '../../../components/back-link.tsx'
import { ButtonLink } from '../../../components/button.tsx'
import { ListSkeleton } from '../../../components/list.tsx'
import { ProblemNotice, Remark } from '../../../components/notice.tsx'
import { Page } from '../../../components/page.tsx'
import { Tabs, useTab } from '../../../components/tabs.tsx'
import { useChange } from '../use-change.ts'
import { ClientForm } from './client-form.tsx'
import { ClientBadges } from './clients-page.tsx'
import { changeClient, clientQuery } from './queries.ts'
import { RedirectTest } from './redirect-test.tsx'
import { Secrets } from './secrets.tsx'
import { Status } from './status.tsx'

/** One client: its settings, its secrets, and whether it may do anything. */
export default function ClientPage() {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const { data, isPending, error, refetch } = useQuery(clientQuery(id))
  if (error instanceof ApiProblem && [400, 404].includes(error.status))
    return (
      <Page narrow title={t('errors.notFoundTitle')} lead={t('administration.clients.missing')}>
        <ButtonLink to="/administration/clients">{t('administration.clients.title')}</ButtonLink>
      </Page>
    )
  if (!data)
    return (
      <Page title={t('administration.clients.title')}>
        {isPending ? <ListSkeleton rows={4} /> : <ProblemNotice error={error} onRetry={refetch} />}
      </Page>
    )
  return <ClientView {...data} />
}

const tabs = ['settings', 'redirects', 'secrets', 'status'] as const

function ClientView({ client, etag }: { client: Client; etag: string }) {
  const { t } = useTranslation()
  const tab = useTab(tabs)
  const save = useChange({
    change: (settings: ClientSettings) => changeClient(client.id, etag, settings),
    outdated: ['clients'],
    done: t('administration.clients.saved'),
  })
  const name = client.settings.name || client.id
  return (
    <Page
      title={name}
      above={<BackLink to="/administration/clients" text={t('administration.clients.title')} />}
      lead={
        <p className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <code className="break-all text-sm">{client.id}</code>
          <ClientBadges client={client} />
        </p>
      }
    >
      {client.configured && (
        <div className="mb-6">
          <Remark tone="info">{t('administration.clients.configuredText')}</Remark>
        </div>
      )}
      <Tabs
        label={name}
        tabs={tabs.map((tab) => ({ tab, text: t(`administration.clients.tab_${tab}`) }))}
        chosen={tab}
      />
      {tab === 'settings' && (
        <ClientForm
          key={etag}
          initial={client.settings}
          action={t('common.save')}
          disabled={client.configured}
          pending={save.isPending}
          error={save.error}
          onSave={(settings) => save.mutate(settings)}
        />
      )}
      {tab === 'redirects' && <RedirectTest client={client} />}
      {tab === 'secrets' && <Secrets client={client} etag={etag} />}
      {tab === 'status' && <Status client={client} etag={etag} />}
    </Page>
  )
}
