import { type Static, Type } from 'typebox'
import { MoneySchema } from './money.ts'
import { LocalizedTextSchema } from './text.ts'

/** Where an order stands. */
export const orderStatuses = ['placed', 'paid', 'shipped', 'delivered', 'cancelled'] as const
export type OrderStatus = (typeof orderStatuses)[number]
export const OrderStatusSchema = Type.Enum([...orderStatuses], { title: 'OrderStatus', type: 'string' })

/** What can be done to an order after it was placed. */
export const orderActions = ['pay', 'ship', 'deliver', 'cancel'] as const
export type OrderAction = (typeof orderActions)[number]
export const OrderActionSchema = Type.Enum([...orderActions], { title: 'OrderAction', type: 'string' })

/** Where the parcel goes. */
export type ShippingAddress = Static<typeof ShippingAddressSchema>
export const ShippingAddressSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 120, pattern: '\\S' }),
    line1: Type.String({ minLength: 1, maxLength: 120, pattern: '\\S' }),
    line2: Type.Optional(Type.String({ maxLength: 120 })),
    postalCode: Type.String({ minLength: 2, maxLength: 16, pattern: '\\S' }),
    city: Type.String({ minLength: 1, maxLength: 80, pattern: '\\S' }),
    country: Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2, such as PT' }),
  },
  { title: 'ShippingAddress', additionalProperties: false },
)

/** In which capacity somebody acted. */
const actorRoles = ['customer', 'support', 'administrator'] as const
export type ActorRole = (typeof actorRoles)[number]

/** Who did something to an order. */
const ActorSchema = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    role: Type.Enum([...actorRoles], { title: 'ActorRole', type: 'string' }),
  },
  { title: 'Actor', additionalProperties: false },
)

/** One step in an order's life. */
export type TimelineEntry = Static<typeof TimelineEntrySchema>
export const TimelineEntrySchema = Type.Object(
  {
    at: Type.String({ format: 'date-time' }),
    action: Type.Enum(['place', ...orderActions], { title: 'TimelineAction', type: 'string' }),
    from: Type.Union([OrderStatusSchema, Type.Null()]),
    to: OrderStatusSchema,
    actor: ActorSchema,
    reason: Type.Union([Type.String(), Type.Null()]),
  },
  { title: 'TimelineEntry', additionalProperties: false },
)

/** A product in an order, with name and price as they were when it was placed. */
export type OrderLine = Static<typeof OrderLineSchema>
export const OrderLineSchema = Type.Object(
  {
    productId: Type.String({ format: 'uuid' }),
    name: LocalizedTextSchema,
    quantity: Type.Integer({ minimum: 1 }),
    unitPrice: MoneySchema,
    total: MoneySchema,
  },
  { additionalProperties: false },
)

/** An order. */
export type Order = Static<typeof OrderSchema>
export const OrderSchema = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    number: Type.String({ examples: ['A-000123'] }),
    status: OrderStatusSchema,
    customerId: Type.String(),
    lines: Type.Array(OrderLineSchema),
    total: MoneySchema,
    shippingAddress: ShippingAddressSchema,
    note: Type.Union([Type.String(), Type.Null()]),
    placedAt: Type.String({ format: 'date-time' }),
    updatedAt: Type.String({ format: 'date-time' }),
    version: Type.Integer({ minimum: 1 }),
    timeline: Type.Array(TimelineEntrySchema),
  },
  { additionalProperties: false },
)

/** What a list shows of an order. */
export type OrderSummary = Pick<
  Order,
  'id' | 'number' | 'status' | 'customerId' | 'placedAt' | 'total' | 'version'
> & {
  lineCount: number
}

/** What this service knows of an account: enough to say whose an order is. */
export type Account = Static<typeof AccountSchema>
export const AccountSchema = Type.Object(
  { id: Type.String(), name: Type.String(), email: Type.Union([Type.String(), Type.Null()]) },
  { title: 'OrderCustomer', additionalProperties: false },
)

/** The number that people read out on the telephone. */
export const orderNumber = (sequence: number) => `A-${String(sequence).padStart(6, '0')}`
