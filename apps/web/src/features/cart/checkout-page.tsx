import { ApiProblem, type Order, type PlaceOrder, type ShippingAddress } from '@alicerce/api-client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ShoppingBag } from 'lucide-react'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { AddressFields, addressToSend, emptyAddress } from '../../components/address.tsx'
import { Button, ButtonLink } from '../../components/button.tsx'
import { TextArea } from '../../components/field.tsx'
import { EmptyState, ProblemNotice } from '../../components/notice.tsx'
import { Page } from '../../components/page.tsx'
import { emptyCart } from '../../lib/cart.ts'
import { useFormat } from '../../lib/i18n/format.ts'
import { ownProfileQuery } from '../../lib/person.ts'
import { api } from '../../lib/platform.ts'
import { showToast } from '../../lib/toasts.ts'
import { Summary } from './summary.tsx'
import { type FilledLine, useCartProducts } from './use-cart-products.ts'

/** Where to and go. */
export default function CheckoutPage() {
  const { t } = useTranslation()
  const { data, isPending } = useQuery(ownProfileQuery)
  const { lines } = useCartProducts()
  if (lines.length === 0)
    return (
      <Page title={t('checkout.title')}>
        <EmptyState icon={ShoppingBag} title={t('cart.emptyTitle')} text={t('cart.emptyText')}>
          <ButtonLink to="/shop">{t('home.browse')}</ButtonLink>
        </EmptyState>
      </Page>
    )
  if (isPending)
    return (
      <Page title={t('checkout.title')}>
        <div className="skeleton h-96 w-full" />
      </Page>
    )
  const profile = data?.profile
  return <CheckoutForm initial={profile?.address ?? { ...emptyAddress, name: profile?.name ?? '' }} />
}

/**
 * The key of an attempt: made when the form opens and kept while the same thing is sent, so that a repeat after a lost answer finds
 * the order that was placed. Something else to send is another attempt.
 */
function useIdempotencyKey() {
  const attempt = useRef({ key: crypto.randomUUID() as string, body: '' })
  return (body: string) => {
    const { current } = attempt
    if (current.body !== '' && current.body !== body) attempt.current = { key: crypto.randomUUID(), body }
    else current.body = body
    return attempt.current.key
  }
}

function CheckoutForm({ initial }: { initial: ShippingAddress }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const { lines, total, canOrder } = useCartProducts()
  const [address, setAddress] = useState(initial)
  const [note, setNote] = useState('')
  const keyFor = useIdempotencyKey()
  const place = useMutation({
    mutationFn: async (body: PlaceOrder) => {
      const header = { 'Idempotency-Key': keyFor(JSON.stringify(body)) }
      const { data } = await api.POST('/orders', { params: { header }, body })
      return data as Order
    },
    onSuccess: async (order) => {
      // First away from here: an empty cart has another picture.
      await navigate(`/orders/${order.id}`, { replace: true })
      emptyCart()
      void queries.invalidateQueries({ queryKey: ['orders'] })
      void queries.invalidateQueries({ queryKey: ['products'] })
      void queries.invalidateQueries({ queryKey: ['product'] })
      showToast(t('checkout.placed', { number: order.number }))
    },
    onError: () => queries.invalidateQueries({ queryKey: ['product'] }),
  })
  const problem = place.error instanceof ApiProblem ? place.error : undefined
  function submit(event: FormEvent) {
    event.preventDefault()
    if (place.isPending) return
    place.mutate({
      lines: lines.map(({ productId, quantity }) => ({ productId, quantity })),
      shippingAddress: addressToSend(address),
      ...(note.trim() && { note: note.trim() }),
    })
  }
  return (
    <Page title={t('checkout.title')}>
      <form onSubmit={submit} className="grid items-start gap-8 lg:grid-cols-[1fr_22rem]">
        <div className="card grid gap-6 p-5 sm:p-8">
          <h2 className="font-semibold text-lg">{t('checkout.address')}</h2>
          <AddressFields
            value={address}
            onChange={setAddress}
            problem={problem}
            pointer="/shippingAddress"
            required
          />
          <TextArea
            label={t('checkout.note')}
            placeholder={t('checkout.notePlaceholder')}
            optional
            maxLength={500}
            value={note}
            onChange={(event) => setNote(event.target.value)}
            error={problem?.faultAt('/note')?.detail}
          />
        </div>
        <Summary total={total} above={<SummaryLines lines={lines} problem={problem} />}>
          <ProblemNotice error={place.error} />
          <Button type="submit" disabled={place.isPending || !canOrder}>
            {place.isPending ? t('checkout.placing') : t('checkout.place')}
          </Button>
          <p className="text-center text-muted text-xs">{t('checkout.safe')}</p>
        </Summary>
      </form>
    </Page>
  )
}

function SummaryLines({ lines, problem }: { lines: FilledLine[]; problem: ApiProblem | undefined }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <ul className="grid gap-3 border-line border-b pb-4 text-sm">
      {lines.map(({ productId, quantity, product }, index) => {
        const fault =
          problem?.faultAt(`/lines/${index}/quantity`) ?? problem?.faultAt(`/lines/${index}/productId`)
        const tooFew =
          product && quantity > product.stock ? t('cart.tooFew', { count: product.stock }) : undefined
        return (
          <li key={productId} className="grid grid-cols-[1fr_auto] gap-x-3">
            <span className="min-w-0 break-words">
              {product ? format.text(product.name) : '…'} <span className="text-muted">× {quantity}</span>
            </span>
            <span className="tabular-nums">
              {product && format.money({ ...product.price, amount: product.price.amount * quantity })}
            </span>
            {(fault || tooFew) && <span className="col-span-2 text-danger">{tooFew ?? fault?.detail}</span>}
          </li>
        )
      })}
    </ul>
  )
}
