import type { ProductSummary } from '@alicerce/api-client'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useFormat } from '../lib/i18n/format.ts'
import { Badge } from './badge.tsx'

/** Below this a card says how few are left. */
const few = 5

/** A product in a list: picture, name, price; the whole card is its link. */
export function ProductCard({ product }: { product: ProductSummary }) {
  const format = useFormat()
  return (
    <article className="group relative">
      <div className="overflow-hidden rounded-lg border border-line bg-sunken">
        <img
          src={product.image}
          alt=""
          width={480}
          height={480}
          loading="lazy"
          decoding="async"
          className="aspect-square w-full object-cover transition-transform duration-300 group-hover:scale-[1.035]"
        />
      </div>
      <div className="mt-3 grid gap-0.5">
        <h3 className="font-medium leading-snug">
          <Link
            to={`/shop/${product.id}`}
            className="after:absolute after:inset-0 after:rounded-lg group-hover:text-primary"
          >
            {format.text(product.name)}
          </Link>
        </h3>
        <p className="text-muted tabular-nums">{format.money(product.price)}</p>
      </div>
      <StockBadge stock={product.stock} quiet />
    </article>
  )
}

/** Whether there is enough; `quiet` says nothing as long as there is. */
export function StockBadge({ stock, quiet = false }: { stock: number; quiet?: boolean }) {
  const { t } = useTranslation()
  if (stock > few) return quiet ? null : <Badge tone="green">{t('catalogue.inStock')}</Badge>
  return (
    <div className={quiet ? 'absolute top-3 left-3' : ''}>
      {stock === 0 ? (
        <Badge tone="red">{t('catalogue.soldOut')}</Badge>
      ) : (
        <Badge tone="amber">{t('catalogue.few', { count: stock })}</Badge>
      )}
    </div>
  )
}

/** Cards of products; skeletons of the same size while they come. */
export function ProductGrid({
  products,
  isPending,
  count = 8,
}: {
  products: ProductSummary[]
  isPending: boolean
  count?: number
}) {
  const { t } = useTranslation()
  return (
    <ul
      aria-busy={isPending}
      aria-label={isPending ? t('app.loading') : undefined}
      className="grid grid-cols-1 gap-x-5 gap-y-8 min-[26rem]:grid-cols-2 lg:grid-cols-4"
    >
      {products.map((product) => (
        <li key={product.id}>
          <ProductCard product={product} />
        </li>
      ))}
      {isPending &&
        Array.from({ length: count }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no other identity
          <li key={`pending-${index}`} aria-hidden>
            <div className="skeleton aspect-square w-full rounded-lg" />
            <div className="skeleton mt-3 h-5 w-3/4" />
            <div className="skeleton mt-2 h-4 w-1/4" />
          </li>
        ))}
    </ul>
  )
}
