import { type Static, Type } from 'typebox'
import { MoneySchema } from '#src/domain/money.ts'
import {
  type Account,
  AccountSchema,
  type Order,
  OrderActionSchema,
  OrderLineSchema,
  OrderStatusSchema,
  type OrderSummary,
  ShippingAddressSchema,
  TimelineEntrySchema,
} from '#src/domain/order.ts'
import { type Caller, openTransitions } from '#src/domain/transitions.ts'
import { orderSorts } from '#src/ports/reads.ts'
import { imageOf } from './product-schemas.ts'

const head = {
  id: Type.String({ format: 'uuid' }),
  number: Type.String({ examples: ['A-000123'] }),
  status: OrderStatusSchema,
  customer: AccountSchema,
  placedAt: Type.String({ format: 'date-time' }),
  total: MoneySchema,
  version: Type.Integer(),
}

export const OrderSummarySchema = Type.Object(
  { ...head, lineCount: Type.Integer() },
  { title: 'OrderSummary' },
)
export const OrderPageSchema = Type.Object(
  {
    items: Type.Array(OrderSummarySchema),
    nextCursor: Type.Union([Type.String(), Type.Null()]),
    total: Type.Integer({ description: 'How many match on all pages together' }),
  },
  { title: 'OrderPage' },
)
export const OrderSchema = Type.Object(
  {
    ...head,
    lines: Type.Array(
      Type.Object({ ...OrderLineSchema.properties, image: Type.String() }, { title: 'OrderLine' }),
    ),
    shippingAddress: ShippingAddressSchema,
    note: Type.Union([Type.String(), Type.Null()]),
    updatedAt: Type.String({ format: 'date-time' }),
    transitions: Type.Array(OrderActionSchema, { description: 'What this caller can do now' }),
    timeline: Type.Array(TimelineEntrySchema),
  },
  { title: 'Order' },
)
const count = Type.Integer({ minimum: 0 })
export const OrderCountsSchema = Type.Object(
  {
    counts: Type.Object({ placed: count, paid: count, shipped: count, delivered: count, cancelled: count }),
    total: count,
  },
  { title: 'OrderCounts' },
)

export const PlaceOrderSchema = Type.Object(
  {
    lines: Type.Array(
      Type.Object(
        {
          productId: Type.String({ format: 'uuid' }),
          quantity: Type.Integer({ minimum: 1, maximum: 99 }),
        },
        { title: 'PlaceOrderLine', additionalProperties: false },
      ),
      { minItems: 1, maxItems: 50 },
    ),
    shippingAddress: ShippingAddressSchema,
    note: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { title: 'PlaceOrder', additionalProperties: false },
)
export const ChangeOrderSchema = Type.Object(
  { action: OrderActionSchema, reason: Type.Optional(Type.String({ maxLength: 500 })) },
  { title: 'ChangeOrder', additionalProperties: false },
)

export const OrderListQuery = {
  status: Type.Optional(
    Type.String({
      pattern: '^(placed|paid|shipped|delivered|cancelled)(,(placed|paid|shipped|delivered|cancelled))*$',
      description: 'One status, or several with commas between',
    }),
  ),
  search: Type.Optional(
    Type.String({ maxLength: 100, description: 'Part of the number, the customer’s name or address' }),
  ),
  customer: Type.Optional(Type.String({ maxLength: 100, description: 'Id of a customer, for staff' })),
  from: Type.Optional(Type.String({ format: 'date-time', description: 'Placed then or later' })),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'Placed before' })),
  sort: Type.Optional(Type.Enum([...orderSorts], { type: 'string', default: '-placedAt' })),
  scope: Type.Optional(
    Type.Enum(['mine', 'all'], { type: 'string', default: 'mine', description: '`all` is for staff' }),
  ),
}

type Accounts = ReadonlyMap<string, Account>

/** An account that no event has told of is shown by its id. */
const customerOf = (accounts: Accounts, id: string): Account =>
  accounts.get(id) ?? { id, name: id, email: null }

/** An order as a list shows it. */
export const summaryOf = (
  { customerId, ...order }: OrderSummary,
  accounts: Accounts,
): Static<typeof OrderSummarySchema> => ({ ...order, customer: customerOf(accounts, customerId) })

/** An order as its page shows it to `caller`. */
export const representationOf = (
  order: Order,
  accounts: Accounts,
  caller: Caller,
): Static<typeof OrderSchema> => {
  const { customerId, lines, ...rest } = order
  return {
    ...rest,
    customer: customerOf(accounts, customerId),
    lines: lines.map((line) => ({ ...line, image: imageOf(line.productId) })),
    transitions: openTransitions(caller, order),
  }
}
