import { ShoppingBag, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { ButtonLink } from '../../components/button.tsx'
import { EmptyState, ProblemNotice } from '../../components/notice.tsx'
import { Page } from '../../components/page.tsx'
import { Quantity } from '../../components/quantity.tsx'
import { maximumQuantity, setQuantity } from '../../lib/cart.ts'
import { useFormat } from '../../lib/i18n/format.ts'
import { Summary } from './summary.tsx'
import { type FilledLine, useCartProducts } from './use-cart-products.ts'

/** What this browser has put aside. */
export default function CartPage() {
  const { t } = useTranslation()
  const { lines, total, error, canOrder } = useCartProducts()
  if (lines.length === 0)
    return (
      <Page title={t('cart.title')}>
        <EmptyState icon={ShoppingBag} title={t('cart.emptyTitle')} text={t('cart.emptyText')}>
          <ButtonLink to="/shop">{t('home.browse')}</ButtonLink>
        </EmptyState>
      </Page>
    )
  return (
    <Page title={t('cart.title')}>
      <ProblemNotice error={error} className="mb-6" />
      <div className="grid items-start gap-8 lg:grid-cols-[1fr_22rem]">
        <ul className="divide-y divide-line border-line border-y">
          {lines.map((line) => (
            <CartRow key={line.productId} line={line} />
          ))}
        </ul>
        <Summary total={total}>
          {canOrder && <ButtonLink to="/checkout">{t('cart.checkout')}</ButtonLink>}
          <ButtonLink to="/shop" variant="ghost">
            {t('cart.keep')}
          </ButtonLink>
        </Summary>
      </div>
    </Page>
  )
}

function CartRow({ line: { productId, quantity, product, isGone } }: { line: FilledLine }) {
  const { t } = useTranslation()
  const format = useFormat()
  const name = product ? format.text(product.name) : isGone ? t('cart.gone') : '…'
  return (
    <li className="flex gap-4 py-5">
      {product ? (
        <img
          src={product.image}
          alt=""
          width={96}
          height={96}
          className="size-20 shrink-0 rounded-md border border-line bg-sunken sm:size-24"
        />
      ) : (
        <div className="skeleton size-20 shrink-0 sm:size-24" />
      )}
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
          <Link
            to={`/shop/${productId}`}
            className="min-w-0 break-words font-medium hover:text-primary hover:underline"
          >
            {name}
          </Link>
          {product && (
            <p className="tabular-nums">
              {format.money({ ...product.price, amount: product.price.amount * quantity })}
            </p>
          )}
        </div>
        {product && quantity > 1 && (
          <p className="text-muted text-sm tabular-nums">
            {t('orders.each', { price: format.money(product.price) })}
          </p>
        )}
        <div className="mt-3 flex flex-wrap items-center gap-2">
          <Quantity
            label={t('cart.quantityOf', { name })}
            value={quantity}
            maximum={maximumQuantity}
            onChange={(value) => setQuantity(productId, value)}
          />
          <button
            type="button"
            aria-label={t('cart.removeNamed', { name })}
            onClick={() => setQuantity(productId, 0)}
            className="inline-flex min-h-11 items-center gap-2 rounded-md px-3 text-muted text-sm hover:bg-sunken hover:text-danger"
          >
            <Trash2 aria-hidden className="size-4" />{' '}
            <span className="max-sm:sr-only">{t('cart.remove')}</span>
          </button>
        </div>
        {product && quantity > product.stock && (
          <p role="alert" className="mt-2 text-danger text-sm">
            {t('cart.tooFew', { count: product.stock })}
          </p>
        )}
      </div>
    </li>
  )
}
