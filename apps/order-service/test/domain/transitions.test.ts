import { expect, test } from 'vitest'
import { type OrderAction, type OrderStatus, orderActions, orderStatuses } from '#src/domain/order.ts'
import { maySee, openTransitions, roleFor, statusAfter } from '#src/domain/transitions.ts'

const legal: Record<string, OrderStatus> = {
  'placed pay': 'paid',
  'placed cancel': 'cancelled',
  'paid ship': 'shipped',
  'paid cancel': 'cancelled',
  'shipped deliver': 'delivered',
}
const pairs = orderStatuses.flatMap((status) => orderActions.map((action) => [status, action] as const))

test.each(pairs)('SV-23 knows where an order that is %s goes by %s', (status, action) => {
  expect(statusAfter(status, action)).toBe(legal[`${status} ${action}`])
})

const owner = { id: 'clara', roles: ['customer'] }
const support = { id: 'simao', roles: ['customer', 'support'] }
const administrator = { id: 'ana', roles: ['customer', 'administrator'] }
const stranger = { id: 'eva', roles: ['customer'] }
const orderOf = (status: OrderStatus) => ({ customerId: owner.id, status })

test.each(orderStatuses)('SV-24 opens to each caller what he may do to an order that is %s', (status) => {
  const possible = orderActions.filter((action) => legal[`${status} ${action}`])
  const ofOwner = possible.filter((action) => action === 'pay' || action === 'cancel')
  expect(openTransitions(owner, orderOf(status))).toEqual(ofOwner)
  expect(openTransitions(support, orderOf(status))).toEqual(possible)
  expect(openTransitions(administrator, orderOf(status))).toEqual(possible)
  expect(openTransitions(stranger, orderOf(status))).toEqual([])
})

test('lets owners act as customers in their own orders, whatever else they are', () => {
  const roleIn = (customerId: string, action: OrderAction) => roleFor(support, { customerId }, action)
  expect(roleIn(support.id, 'pay')).toBe('customer')
  expect(roleIn(support.id, 'ship')).toBe('support')
  expect(roleIn(owner.id, 'pay')).toBe('support')
  expect(roleFor(administrator, { customerId: owner.id }, 'cancel')).toBe('administrator')
})

test('SV-21 shows an order to its owner and to staff only', () => {
  expect([owner, support, administrator, stranger].map((caller) => maySee(caller, orderOf('paid')))).toEqual([
    ...[true, true, true, false],
  ])
})
