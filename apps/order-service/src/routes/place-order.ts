import type { Transaction } from '@alicerce/database'
import {
  type Consistency,
  entityTag,
  type FastifyTyped,
  type Idempotency,
  problems,
} from '@alicerce/service-kit'
import { placeOrder } from '#src/domain/place-order.ts'
import type { OrderRecords } from '#src/ports/order-records.ts'
import { callerOf, writeOrders } from './caller.ts'
import { withOrderProblems } from './order-problems.ts'
import { OrderSchema, PlaceOrderSchema, representationOf } from './order-schemas.ts'

/** What placing an order needs. `Schema` is the database's; the routes never look into it. */
export type PlaceOrderParts<Schema> = {
  idempotency: Idempotency<Schema>
  consistency: Pick<Consistency, 'headersOf'>
  recordsIn: (tx: Transaction<Schema>) => OrderRecords
  clock: { now(): number }
  newId: () => string
}

/** The order, the key of the attempt and the answer are kept in one transaction: a repeat gets the same answer and no second order. */
export function addPlaceOrderRoute<Schema>(app: FastifyTyped, parts: PlaceOrderParts<Schema>): void {
  app.post(
    '/orders',
    {
      config: { policy: writeOrders, idempotencyKey: true },
      schema: {
        operationId: 'placeOrder',
        summary: 'Places an order at the prices of the catalogue, for the caller himself',
        tags: ['orders'],
        body: PlaceOrderSchema,
        response: { 201: OrderSchema, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request.caller)
      const { lines, shippingAddress, note } = request.body
      const command = { caller, lines, shippingAddress, ...(note !== undefined && { note }) }
      return withOrderProblems(() =>
        parts.idempotency.run(request, reply, async (tx) => {
          const records = parts.recordsIn(tx)
          const order = await placeOrder(records, command, { now: parts.clock.now(), newId: parts.newId })
          const customer = await records.accountOf(caller.id, { name: shippingAddress.name })
          return {
            status: 201,
            headers: {
              // Relative to /orders, whatever a gateway has put before it (RFC 9110 §10.2.2).
              location: `orders/${order.id}`,
              etag: entityTag(order.version),
              // Whoever repeats the request because he heard no answer reads what he wrote as well.
              ...parts.consistency.headersOf(tx),
            },
            body: representationOf(order, new Map([[customer.id, customer]]), caller),
          }
        }),
      )
    },
  )
}
