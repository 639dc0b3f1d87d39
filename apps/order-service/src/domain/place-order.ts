import type { OrderRecords } from '#src/ports/order-records.ts'
import { OrderError } from './errors.ts'
import { sumOf, times } from './money.ts'
import { type Order, type OrderLine, orderNumber, type ShippingAddress } from './order.ts'
import type { Product } from './product.ts'
import type { Caller } from './transitions.ts'

/** What a customer asks for. Prices are not his to say. */
export type PlaceOrder = {
  caller: Caller
  lines: readonly { productId: string; quantity: number }[]
  shippingAddress: ShippingAddress
  note?: string
}

/**
 * Takes the goods from stock at the prices of this moment and places the order, all in the transaction of `records`.
 * @throws {OrderError} `repeated-product`, `unknown-product`, `insufficient-stock`
 */
export async function placeOrder(
  records: OrderRecords,
  command: PlaceOrder,
  environment: { now: number; newId: () => string },
): Promise<Order> {
  const { caller, lines, shippingAddress } = command
  refuseRepeated(lines)
  const products = await records.lockProducts(lines.map(({ productId }) => productId))
  refuseUnknown(lines, products)
  refuseShort(lines, products)
  await records.changeStock(lines.map(({ productId, quantity }) => ({ productId, by: -quantity })))

  const priced = lines.map(({ productId, quantity }) => lineOf(products.get(productId) as Product, quantity))
  const account = await records.accountOf(caller.id, { name: shippingAddress.name })
  const at = new Date(environment.now).toISOString()
  const order: Order = {
    id: environment.newId(),
    number: orderNumber(await records.nextNumber()),
    status: 'placed',
    customerId: caller.id,
    lines: priced,
    total: sumOf(priced.map(({ total }) => total)),
    shippingAddress,
    note: command.note?.trim() || null,
    placedAt: at,
    updatedAt: at,
    version: 1,
    timeline: [
      {
        at,
        action: 'place',
        from: null,
        to: 'placed',
        actor: { id: caller.id, name: account.name, role: 'customer' },
        reason: null,
      },
    ],
  }
  await records.insert(order)
  await records.announce('order.placed', order)
  return order
}

const lineOf = (product: Product, quantity: number): OrderLine => ({
  productId: product.id,
  name: product.name,
  quantity,
  unitPrice: product.price,
  total: times(product.price, quantity),
})

type Lines = PlaceOrder['lines']

function refuseRepeated(lines: Lines): void {
  const faults = lines.flatMap(({ productId }, index) =>
    lines.findIndex((line) => line.productId === productId) < index
      ? [{ index, reason: 'This product is in an earlier line already; raise the quantity there.' }]
      : [],
  )
  if (faults.length > 0) throw new OrderError({ code: 'repeated-product', lines: faults })
}

function refuseUnknown(lines: Lines, products: ReadonlyMap<string, Product>): void {
  const faults = lines.flatMap(({ productId }, index) =>
    products.has(productId) ? [] : [{ index, reason: 'The catalogue has no such product.' }],
  )
  if (faults.length > 0) throw new OrderError({ code: 'unknown-product', lines: faults })
}

function refuseShort(lines: Lines, products: ReadonlyMap<string, Product>): void {
  const faults = lines.flatMap(({ productId, quantity }, index) => {
    const available = products.get(productId)?.stock ?? 0
    if (available >= quantity) return []
    return [{ index, available, reason: available === 0 ? 'Sold out.' : `Only ${available} left.` }]
  })
  if (faults.length > 0) throw new OrderError({ code: 'insufficient-stock', lines: faults })
}
