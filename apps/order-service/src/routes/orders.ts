import {
  defaultPageSize,
  entityTag,
  type FastifyTyped,
  forbidden,
  ifMatch,
  notFound,
  notModified,
  type Paging,
  pageQuery,
  problems,
} from '@alicerce/service-kit'
import { Type } from 'typebox'
import { changeOrder } from '#src/domain/change-order.ts'
import type { Order, OrderStatus } from '#src/domain/order.ts'
import { type Caller, isStaff, maySee, staffRoles } from '#src/domain/transitions.ts'
import type { OrderTransactions } from '#src/ports/order-records.ts'
import type { OrderReads, Position } from '#src/ports/reads.ts'
import { callerOf, readOrders, writeOrders } from './caller.ts'
import { withOrderProblems } from './order-problems.ts'
import {
  ChangeOrderSchema,
  OrderCountsSchema,
  OrderListQuery,
  OrderPageSchema,
  OrderSchema,
  representationOf,
  summaryOf,
} from './order-schemas.ts'

/** What the routes of orders need. */
export type OrderRouteParts = {
  orders: OrderReads
  transactions: OrderTransactions
  paging: Paging<Position>
  clock: { now(): number }
}

const OrderId = Type.Object({ id: Type.String({ format: 'uuid' }) })
const tags = ['orders']

/** Orders to read and to move. */
export function addOrderRoutes(app: FastifyTyped, parts: OrderRouteParts): void {
  addListRoute(app, parts)
  addSummaryRoute(app, parts)
  addReadRoute(app, parts)
  addTransitionRoute(app, parts)
}

function addListRoute(app: FastifyTyped, { orders, paging }: OrderRouteParts): void {
  app.get(
    '/orders',
    {
      config: { policy: readOrders },
      schema: {
        operationId: 'listOrders',
        summary: 'Own orders; with scope=all, for staff, everybody’s',
        tags,
        querystring: Type.Object({ ...OrderListQuery, ...pageQuery }),
        response: { 200: OrderPageSchema },
      },
    },
    async (request) => {
      const { limit = defaultPageSize, cursor, sort = '-placedAt', scope = 'mine', ...rest } = request.query
      const caller = callerOf(request.caller)
      const filter = { ...rest, sort, scope, caller: caller.id }
      if (scope === 'all' && !isStaff(caller)) throw staffOnly('To see the orders of all customers')
      if (filter.customer && scope !== 'all' && filter.customer !== caller.id)
        throw staffOnly('To see the orders of another customer, ask with scope=all, which')
      const customerId = scope === 'mine' ? caller.id : filter.customer
      const { status, search, from, to } = filter
      const after = paging.positionOf(cursor, filter)
      const page = await orders.list({
        ...(customerId !== undefined && { customerId }),
        ...(status !== undefined && { status: status.split(',') as OrderStatus[] }),
        ...(search !== undefined && { search }),
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        sort,
        limit,
        ...(after && { after }),
      })
      const accounts = await orders.accounts(page.items.map((order) => order.customerId))
      return {
        items: page.items.map((order) => summaryOf(order, accounts)),
        nextCursor: paging.cursorOf(page.next, filter),
        total: page.total,
      }
    },
  )
}

function addSummaryRoute(app: FastifyTyped, { orders }: OrderRouteParts): void {
  app.get(
    '/orders/summary',
    {
      config: { policy: { ...readOrders, roles: [...staffRoles] } },
      schema: {
        operationId: 'countOrders',
        summary: 'How many orders stand where',
        tags,
        response: { 200: OrderCountsSchema },
      },
    },
    async () => {
      const counts = await orders.countByStatus()
      return { counts, total: Object.values(counts).reduce((sum, count) => sum + count, 0) }
    },
  )
}

function addReadRoute(app: FastifyTyped, { orders }: OrderRouteParts): void {
  app.get(
    '/orders/:id',
    {
      config: { policy: readOrders },
      schema: {
        operationId: 'getOrder',
        summary: 'One order, with what the caller can do to it now',
        tags,
        params: OrderId,
        response: { 200: OrderSchema, 304: Type.Null(), ...problems(404) },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request.caller)
      const order = await orders.order(request.params.id)
      // What the cache holds is nobody's in particular: who may see it is asked after every read.
      if (!order || !maySee(caller, order)) throw notFound('There is no such order.')
      if (notModified(request, reply, order.version)) return reply.code(304).send(null)
      return represent(orders, order, caller)
    },
  )
}

function addTransitionRoute(app: FastifyTyped, { orders, transactions, clock }: OrderRouteParts): void {
  app.post(
    '/orders/:id/transitions',
    {
      config: { policy: writeOrders, ifMatch: true },
      schema: {
        operationId: 'changeOrder',
        summary: 'Moves an order to its next state',
        tags,
        params: OrderId,
        body: ChangeOrderSchema,
        response: { 200: OrderSchema, ...problems(404, 409, 422) },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request.caller)
      const { action, reason } = request.body
      const isCurrent = ifMatch(request).matches
      const command = { caller, orderId: request.params.id, action, isCurrent, ...(reason && { reason }) }
      const order = await withOrderProblems(() => changeOrder(transactions, command, clock.now()))
      reply.header('etag', entityTag(order.version))
      return represent(orders, order, caller)
    },
  )
}

/** An order as `caller` sees it. */
async function represent(orders: OrderReads, order: Order, caller: Caller) {
  return representationOf(order, await orders.accounts([order.customerId]), caller)
}

const staffOnly = (what: string) => forbidden(`${what} takes one of the roles: ${staffRoles.join(', ')}.`)
