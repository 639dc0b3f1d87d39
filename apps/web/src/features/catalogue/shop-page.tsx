import type { Category } from '@alicerce/api-client'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { SearchX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { SearchField, SelectField } from '../../components/field.tsx'
import { MoreButton } from '../../components/list.tsx'
import { EmptyState, ProblemNotice } from '../../components/notice.tsx'
import { Page } from '../../components/page.tsx'
import { ProductGrid } from '../../components/product-card.tsx'
import { categoriesQuery, productsQuery } from '../../lib/catalogue.ts'
import { useFormat } from '../../lib/i18n/format.ts'
import { oneOf, useUrlFilters } from '../../lib/url-state.ts'

const sorts = ['name', 'newest', 'price', '-price'] as const

/** The whole shop: search, shelves, order. */
export default function ShopPage() {
  const { t } = useTranslation()
  const format = useFormat()
  const filters = useUrlFilters()
  const search = filters.get('search')
  const category = filters.get('category') as Category['id'] | ''
  const sort = oneOf(filters.get('sort'), sorts)
  const products = useInfiniteQuery(
    productsQuery({ sort, locale: format.locale, ...(search && { search }), ...(category && { category }) }),
  )
  const items = products.data?.pages.flatMap((page) => page.items) ?? []
  const total = products.data?.pages[0]?.total ?? 0
  return (
    <Page title={t('catalogue.title')} lead={t('catalogue.lead')}>
      <Categories chosen={category} onChoose={(id) => filters.set({ category: id })} />
      <div className="mt-6 mb-8 grid items-end gap-4 sm:grid-cols-[1fr_14rem]">
        <SearchField
          label={t('catalogue.searchLabel')}
          placeholder={t('catalogue.searchPlaceholder')}
          value={search}
          onSearch={(value) => filters.set({ search: value })}
        />
        <SelectField
          label={t('catalogue.sort')}
          value={sort}
          onChange={(event) => filters.set({ sort: event.target.value === 'name' ? '' : event.target.value })}
        >
          <option value="name">{t('catalogue.sortName')}</option>
          <option value="newest">{t('catalogue.sortNewest')}</option>
          <option value="price">{t('catalogue.sortPrice')}</option>
          <option value="-price">{t('catalogue.sortPriceDown')}</option>
        </SelectField>
      </div>
      <p aria-live="polite" className="mb-4 min-h-5 text-muted text-sm">
        {!products.isPending && !products.error && t('catalogue.results', { count: total })}
      </p>
      <h2 className="sr-only">{t('catalogue.results', { count: total })}</h2>
      <ProblemNotice error={products.error} onRetry={products.refetch} className="mb-6" />
      {!products.error && !products.isPending && items.length === 0 ? (
        <EmptyState icon={SearchX} title={t('catalogue.emptyTitle')} text={t('catalogue.emptyText')}>
          <Button variant="secondary" onClick={filters.clear}>
            {t('common.clear')}
          </Button>
        </EmptyState>
      ) : (
        <ProductGrid
          products={items}
          isPending={products.isPending || products.isFetchingNextPage}
          count={8}
        />
      )}
      <MoreButton query={products} shown={items.length} total={total} />
    </Page>
  )
}

function Categories({ chosen, onChoose }: { chosen: string; onChoose: (id: string) => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data = [] } = useQuery(categoriesQuery)
  const shelves = [
    { id: '', text: t('catalogue.everything') },
    ...data.map(({ id, name }) => ({ id, text: format.text(name) })),
  ]
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend in view
    <div role="group" aria-label={t('catalogue.categories')} className="flex min-h-10 flex-wrap gap-2">
      {shelves.map(({ id, text }) => (
        <button
          key={id}
          type="button"
          aria-pressed={id === chosen}
          onClick={() => onChoose(id)}
          className={clsx(
            'min-h-10 rounded-full border px-4 font-medium text-sm transition-colors',
            id === chosen
              ? 'border-primary bg-primary text-on-primary'
              : 'border-line bg-surface text-muted hover:border-line-strong hover:text-ink',
          )}
        >
          {text}
        </button>
      ))}
    </div>
  )
}
