import type { ProfileSummary } from '@alicerce/api-client'
import { useInfiniteQuery } from '@tanstack/react-query'
import { ChevronRight, SearchX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Badge } from '../../../components/badge.tsx'
import { Button, ButtonLink } from '../../../components/button.tsx'
import { SearchField, SelectField } from '../../../components/field.tsx'
import { ListSkeleton, MoreButton } from '../../../components/list.tsx'
import { EmptyState, ProblemNotice } from '../../../components/notice.tsx'
import { Page } from '../../../components/page.tsx'
import { useFormat } from '../../../lib/i18n/format.ts'
import { oneOf, useUrlFilters } from '../../../lib/url-state.ts'
import { roles, usersQuery } from './queries.ts'

/** Everybody with an account. The address holds the whole view. */
export default function UsersPage() {
  const { t } = useTranslation()
  const filters = useUrlFilters()
  const search = filters.get('search')
  const role = roles.find((role) => role === filters.get('role'))
  const status = (['active', 'disabled'] as const).find((status) => status === filters.get('status'))
  const sort = oneOf(filters.get('sort'), ['name', '-createdAt'])
  const users = useInfiniteQuery(
    usersQuery({ sort, ...(search && { search }), ...(role && { role }), ...(status && { status }) }),
  )
  const items = users.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Page
      title={t('users.title')}
      lead={t('users.lead')}
      actions={<ButtonLink to="/administration/users/new">{t('administration.newUser.open')}</ButtonLink>}
    >
      <div className="mb-8 grid items-end gap-4 sm:grid-cols-3 lg:grid-cols-[1fr_11rem_11rem_11rem]">
        <div className="sm:max-lg:col-span-3">
          <SearchField
            label={t('users.searchLabel')}
            placeholder={t('users.searchPlaceholder')}
            value={search}
            onSearch={(value) => filters.set({ search: value })}
          />
        </div>
        <SelectField
          label={t('users.role')}
          value={role ?? ''}
          onChange={(event) => filters.set({ role: event.target.value })}
        >
          <option value="">{t('common.all')}</option>
          {roles.map((role) => (
            <option key={role} value={role}>
              {t(`roles.${role}`)}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={t('users.status')}
          value={status ?? ''}
          onChange={(event) => filters.set({ status: event.target.value })}
        >
          <option value="">{t('common.all')}</option>
          <option value="active">{t('users.active')}</option>
          <option value="disabled">{t('users.disabled')}</option>
        </SelectField>
        <SelectField
          label={t('users.sort')}
          value={sort}
          onChange={(event) => filters.set({ sort: event.target.value })}
        >
          <option value="name">{t('users.sortName')}</option>
          <option value="-createdAt">{t('users.sortNewest')}</option>
        </SelectField>
      </div>
      <ProblemNotice error={users.error} onRetry={users.refetch} />
      {users.isPending && <ListSkeleton />}
      {users.isSuccess && items.length === 0 && (
        <EmptyState icon={SearchX} title={t('users.emptyTitle')} text={t('users.emptyText')}>
          <Button variant="secondary" onClick={filters.clear}>
            {t('common.clear')}
          </Button>
        </EmptyState>
      )}
      <ul className="grid gap-2">
        {items.map((user) => (
          <UserRow key={user.id} user={user} />
        ))}
      </ul>
      <MoreButton query={users} shown={items.length} total={users.data?.pages[0]?.total ?? 0} />
    </Page>
  )
}

function UserRow({ user }: { user: ProfileSummary }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <li className="card group relative flex items-center gap-4 p-4 transition-colors hover:border-primary">
      <div className="grid min-w-0 flex-1 items-center gap-x-6 gap-y-2 md:grid-cols-[1fr_auto_8rem]">
        <div className="min-w-0">
          <Link
            to={`/administration/users/${user.id}`}
            className="break-words font-semibold after:absolute after:inset-0 after:rounded-lg group-hover:text-primary"
          >
            {user.name}
          </Link>
          <p className="break-all text-muted text-sm">{user.email}</p>
        </div>
        <p className="flex flex-wrap gap-1.5">
          {user.status === 'disabled' && <Badge tone="red">{t('users.disabled')}</Badge>}
          {user.roles.map((role) => (
            <Badge key={role} tone={role === 'customer' ? 'neutral' : 'blue'}>
              {t(`roles.${role as 'customer'}`, { defaultValue: role })}
            </Badge>
          ))}
        </p>
        <p className="text-muted text-sm md:text-right">{format.date(user.createdAt)}</p>
      </div>
      <ChevronRight aria-hidden className="size-5 shrink-0 text-muted" />
    </li>
  )
}
