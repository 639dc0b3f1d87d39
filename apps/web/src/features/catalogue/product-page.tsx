import { ApiProblem, type Product } from '@alicerce/api-client'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { ChevronRight, ShoppingBag } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { Button, ButtonLink } from '../../components/button.tsx'
import { ProblemNotice } from '../../components/notice.tsx'
import { Page, useTitle } from '../../components/page.tsx'
import { ProductGrid, StockBadge } from '../../components/product-card.tsx'
import { Quantity } from '../../components/quantity.tsx'
import { addToCart, maximumQuantity } from '../../lib/cart.ts'
import { categoriesQuery, productQuery, productsQuery } from '../../lib/catalogue.ts'
import { useFormat } from '../../lib/i18n/format.ts'
import { showToast } from '../../lib/toasts.ts'

/** One product. */
export default function ProductPage() {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const { data: product, isPending, error, refetch } = useQuery(productQuery(id))
  if (isPending) return <ProductSkeleton />
  if (error instanceof ApiProblem && [400, 404].includes(error.status))
    return (
      <Page narrow title={t('errors.notFoundTitle')} lead={t('catalogue.missing')}>
        <ButtonLink to="/shop">{t('home.browse')}</ButtonLink>
      </Page>
    )
  if (!product)
    return (
      <Page narrow title={t('catalogue.title')}>
        <ProblemNotice error={error} onRetry={refetch} />
      </Page>
    )
  return <ProductView key={product.id} product={product} />
}

function ProductView({ product }: { product: Product }) {
  const { t } = useTranslation()
  const format = useFormat()
  const name = format.text(product.name)
  useTitle(name)
  return (
    <div className="page py-8 sm:py-10">
      <Breadcrumb product={product} />
      <div className="grid gap-8 lg:grid-cols-2 lg:gap-14">
        <img
          src={product.image}
          alt={name}
          width={480}
          height={480}
          className="aspect-square w-full rounded-lg border border-line bg-sunken object-cover"
        />
        <div className="lg:py-4">
          <h1 tabIndex={-1} className="break-words font-semibold text-3xl sm:text-4xl">
            {name}
          </h1>
          <p className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2">
            <span className="text-2xl tabular-nums">{format.money(product.price)}</span>
            <StockBadge stock={product.stock} />
          </p>
          <p className="mt-6 max-w-prose text-lg text-muted leading-relaxed">
            {format.text(product.description)}
          </p>
          <AddToCart product={product} />
          <h2 className="mt-10 mb-3 font-semibold">{t('catalogue.details')}</h2>
          <dl className="divide-y divide-line border-line border-y text-sm">
            {product.details.map(({ label, value }) => (
              <div
                key={label.en}
                className="grid grid-cols-[8rem_1fr] gap-4 py-3 max-[26rem]:grid-cols-1 max-[26rem]:gap-1"
              >
                <dt className="text-muted">{format.text(label)}</dt>
                <dd>{format.text(value)}</dd>
              </div>
            ))}
          </dl>
        </div>
      </div>
      <MoreOfShelf product={product} />
    </div>
  )
}

function AddToCart({ product }: { product: Product }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [quantity, setQuantity] = useState(1)
  const isSoldOut = product.stock === 0
  function add() {
    addToCart(product.id, quantity)
    setQuantity(1)
    showToast(t('catalogue.added', { name: format.text(product.name) }), {
      action: { text: t('catalogue.toCart'), to: '/cart' },
    })
  }
  return (
    <div className="mt-8 flex flex-wrap gap-3">
      <Quantity
        label={t('catalogue.quantity')}
        value={quantity}
        maximum={Math.max(1, Math.min(product.stock, maximumQuantity))}
        onChange={setQuantity}
      />
      <Button onClick={add} disabled={isSoldOut} className="flex-1 sm:flex-none sm:px-8">
        <ShoppingBag aria-hidden className="size-4" />
        {isSoldOut ? t('catalogue.soldOut') : t('catalogue.add')}
      </Button>
    </div>
  )
}

function Breadcrumb({ product }: { product: Product }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data: categories = [] } = useQuery(categoriesQuery)
  const shelf = categories.find(({ id }) => id === product.category)
  return (
    <nav aria-label={t('catalogue.breadcrumb')} className="mb-6 text-muted text-sm">
      <ol className="flex flex-wrap items-center gap-1.5">
        <li>
          <Link to="/shop" className="hover:text-ink hover:underline">
            {t('catalogue.title')}
          </Link>
        </li>
        <li aria-hidden>
          <ChevronRight className="size-4" />
        </li>
        <li>
          <Link to={`/shop?category=${product.category}`} className="hover:text-ink hover:underline">
            {shelf ? format.text(shelf.name) : '…'}
          </Link>
        </li>
      </ol>
    </nav>
  )
}

function MoreOfShelf({ product }: { product: Product }) {
  const { t } = useTranslation()
  const { locale } = useFormat()
  const { data, isPending } = useInfiniteQuery(
    productsQuery({ sort: 'newest', category: product.category, limit: 5, locale }),
  )
  const others = (data?.pages[0]?.items ?? []).filter(({ id }) => id !== product.id).slice(0, 4)
  return (
    <section className="mt-20">
      <h2 className="mb-6 font-semibold text-2xl">{t('home.shelves')}</h2>
      <ProductGrid products={others} isPending={isPending} count={4} />
    </section>
  )
}

function ProductSkeleton() {
  const { t } = useTranslation()
  return (
    <div
      className="page grid gap-8 py-14 lg:grid-cols-2 lg:gap-14"
      aria-busy="true"
      role="status"
      aria-label={t('app.loading')}
    >
      <div className="skeleton aspect-square w-full rounded-lg" />
      <div>
        <div className="skeleton h-10 w-3/4" />
        <div className="skeleton mt-4 h-7 w-28" />
        <div className="skeleton mt-8 h-24 w-full" />
      </div>
    </div>
  )
}
