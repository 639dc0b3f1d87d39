import { type Static, Type } from 'typebox'

/** An amount in minor units (cents), so that sums are exact. */
export type Money = Static<typeof MoneySchema>
export const MoneySchema = Type.Object(
  {
    amount: Type.Integer({ minimum: 0, description: 'Minor units: 1290 is 12.90' }),
    currency: Type.Literal('EUR'),
  },
  { title: 'Money', additionalProperties: false },
)

/** Euro cents. */
export const euros = (amount: number): Money => ({ amount, currency: 'EUR' })

/** The price of `quantity` pieces. */
export const times = (price: Money, quantity: number): Money => euros(price.amount * quantity)

/** The sum; nothing costs nothing. */
export const sumOf = (amounts: readonly Money[]): Money =>
  euros(amounts.reduce((sum, { amount }) => sum + amount, 0))
