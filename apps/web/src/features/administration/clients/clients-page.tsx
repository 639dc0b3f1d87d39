import type { Client } from '@alicerce/api-client'
import { useInfiniteQuery } from '@tanstack/react-query'
import { ChevronRight, SearchX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Badge } from '../../../components/badge.tsx'
import { Button, ButtonLink } from '../../../components/button.tsx'
import { SearchField } from '../../../components/field.tsx'
import { ListSkeleton, MoreButton } from '../../../components/list.tsx'
import { EmptyState, ProblemNotice } from '../../../components/notice.tsx'
import { Page } from '../../../components/page.tsx'
import { useUrlFilters } from '../../../lib/url-state.ts'
import { clientsQuery } from './queries.ts'

/** Every party that may ask for tokens. */
export default function ClientsPage() {
  const { t } = useTranslation()
  const filters = useUrlFilters()
  const clients = useInfiniteQuery(clientsQuery(filters.get('search')))
  const items = clients.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Page
      title={t('administration.clients.title')}
      lead={t('administration.clients.lead')}
      actions={<ButtonLink to="/administration/clients/new">{t('administration.clients.open')}</ButtonLink>}
    >
      <div className="mb-8 max-w-xl">
        <SearchField
          label={t('administration.clients.searchLabel')}
          placeholder={t('administration.clients.searchPlaceholder')}
          value={filters.get('search')}
          onSearch={(search) => filters.set({ search })}
        />
      </div>
      <ProblemNotice error={clients.error} onRetry={clients.refetch} />
      {clients.isPending && <ListSkeleton />}
      {clients.isSuccess && items.length === 0 && (
        <EmptyState
          icon={SearchX}
          title={t('administration.clients.emptyTitle')}
          text={t('administration.clients.emptyText')}
        >
          <Button variant="secondary" onClick={filters.clear}>
            {t('common.clear')}
          </Button>
        </EmptyState>
      )}
      <ul className="grid gap-2">
        {items.map((client) => (
          <ClientRow key={client.id} client={client} />
        ))}
      </ul>
      <MoreButton query={clients} shown={items.length} />
    </Page>
  )
}

function ClientRow({ client }: { client: Client }) {
  return (
    <li className="card group relative flex items-center gap-4 p-4 transition-colors hover:border-primary">
      <div className="grid min-w-0 flex-1 items-center gap-x-6 gap-y-2 md:grid-cols-[1fr_auto]">
        <div className="min-w-0">
          <Link
            to={`/administration/clients/${encodeURIComponent(client.id)}`}
            className="break-words font-semibold after:absolute after:inset-0 after:rounded-lg group-hover:text-primary"
          >
            {client.settings.name || client.id}
          </Link>
          <p className="break-all text-muted text-sm">{client.id}</p>
        </div>
        <ClientBadges client={client} />
      </div>
      <ChevronRight aria-hidden className="size-5 shrink-0 text-muted" />
    </li>
  )
}

/** What one sees of a client at a glance. */
export function ClientBadges({ client }: { client: Client }) {
  const { t } = useTranslation()
  const { disabled, configured, settings } = client
  return (
    <span className="flex flex-wrap gap-1.5">
      {disabled && <Badge tone="red">{t('administration.clients.disabled')}</Badge>}
      {settings.profile === 'fapi2' && <Badge tone="blue">FAPI 2.0</Badge>}
      {settings.firstParty && <Badge tone="green">{t('administration.clients.firstPartyShort')}</Badge>}
      <Badge>
        {t(
          settings.authentication === 'none'
            ? 'administration.clients.public'
            : 'administration.clients.confidential',
        )}
      </Badge>
      {configured && <Badge>{t('administration.clients.configured')}</Badge>}
    </span>
  )
}
