import type { OrderSummary } from '@alicerce/api-client'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { StatusBadge } from '../../components/badge.tsx'
import { useFormat } from '../../lib/i18n/format.ts'

/** Orders as a table; below 48 rem each row becomes a card of the same table. */
export function OrderTable({ orders }: { orders: OrderSummary[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <table className="card block w-full overflow-hidden text-sm md:table md:border-separate md:border-spacing-0">
      <thead className="sr-only md:not-sr-only md:table-header-group">
        <tr className="bg-sunken text-left text-muted">
          {(['number', 'customer', 'date', 'status'] as const).map((column) => (
            <th key={column} scope="col" className="px-5 py-3 font-medium">
              {t(`orders.${column}`)}
            </th>
          ))}
          <th scope="col" className="px-5 py-3 text-right font-medium">
            {t('orders.total')}
          </th>
        </tr>
      </thead>
      <tbody className="block md:table-row-group">
        {orders.map((order) => (
          <tr
            key={order.id}
            className="group relative grid grid-cols-[1fr_auto] gap-x-4 gap-y-1 border-line border-b p-4 last:border-0 hover:bg-sunken md:table-row md:p-0 md:[&>td]:border-line md:[&>td]:border-t"
          >
            <td className="md:px-5 md:py-3.5">
              <Link
                to={`/orders/${order.id}`}
                className="font-semibold tabular-nums after:absolute after:inset-0 group-hover:text-primary"
              >
                {order.number}
              </Link>
            </td>
            <td className="col-start-1 row-start-2 min-w-0 md:px-5 md:py-3.5">
              <span className="block break-words">{order.customer.name}</span>
              <span className="block break-all text-muted">{order.customer.email}</span>
            </td>
            <td className="col-start-1 row-start-3 text-muted md:px-5 md:py-3.5">
              {format.date(order.placedAt)}
            </td>
            <td className="col-start-2 row-start-1 md:px-5 md:py-3.5">
              <StatusBadge status={order.status} />
            </td>
            <td className="col-start-2 row-start-3 text-right font-medium tabular-nums md:px-5 md:py-3.5">
              {format.money(order.total)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
