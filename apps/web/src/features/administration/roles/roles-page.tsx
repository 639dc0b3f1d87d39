import { useQuery } from '@tanstack/react-query'
import { ChevronRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Badge } from '../../../components/badge.tsx'
import { ListSkeleton } from '../../../components/list.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { Page } from '../../../components/page.tsx'
import { rolesQuery } from './queries.ts'

/** All roles. */
export default function RolesPage() {
  const { t } = useTranslation()
  const { data, isPending, error, refetch } = useQuery(rolesQuery)
  return (
    <Page title={t('administration.roles.title')} lead={t('administration.roles.lead')}>
      <ProblemNotice error={error} onRetry={refetch} />
      {isPending && <ListSkeleton rows={3} />}
      <ul className="grid gap-2">
        {data?.items.map(({ name, description, scopes }) => (
          <li
            key={name}
            className="card group relative flex items-center gap-4 p-4 transition-colors hover:border-primary"
          >
            <div className="min-w-0 flex-1">
              <Link
                to={`/administration/roles/${name}`}
                className="font-semibold after:absolute after:inset-0 after:rounded-lg group-hover:text-primary"
              >
                {t(`roles.${name as 'customer'}`, { defaultValue: name })}
              </Link>
              <p className="text-muted text-sm">{description}</p>
            </div>
            <Badge>{t('administration.roles.count', { count: scopes.length })}</Badge>
            <ChevronRight aria-hidden className="size-5 shrink-0 text-muted" />
          </li>
        ))}
      </ul>
    </Page>
  )
}
