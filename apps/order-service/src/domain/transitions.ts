import { type ActorRole, type OrderAction, type OrderStatus, orderActions } from './order.ts'

/** Somebody who is signed in. */
export type Caller = { readonly id: string; readonly roles: readonly string[] }

/** Every legal move; whatever is not here is illegal. */
const moves: Record<OrderStatus, Partial<Record<OrderAction, OrderStatus>>> = {
  placed: { pay: 'paid', cancel: 'cancelled' },
  paid: { ship: 'shipped', cancel: 'cancelled' },
  shipped: { deliver: 'delivered' },
  delivered: {},
  cancelled: {},
}

/** What an owner may do with his own order. */
const ownerActions: readonly OrderAction[] = ['pay', 'cancel']

/** The roles that see and move everybody's orders. */
export const staffRoles = ['support', 'administrator'] as const

/** Whether `caller` works for the shop. */
export const isStaff = (caller: Caller): boolean => staffRoles.some((role) => caller.roles.includes(role))

/** Whether `caller` may know that the order exists. */
export const maySee = (caller: Caller, order: { customerId: string }): boolean =>
  order.customerId === caller.id || isStaff(caller)

/** The state to which `action` leads, or undefined if it is illegal there. */
export const statusAfter = (status: OrderStatus, action: OrderAction): OrderStatus | undefined =>
  moves[status][action]

/** The capacity in which `caller` may do `action`; undefined: he may not. Owners act as customers in their own orders. */
export function roleFor(
  caller: Caller,
  order: { customerId: string },
  action: OrderAction,
): ActorRole | undefined {
  if (order.customerId === caller.id && ownerActions.includes(action)) return 'customer'
  return caller.roles.includes('administrator')
    ? 'administrator'
    : caller.roles.includes('support')
      ? 'support'
      : undefined
}

/** The actions that succeed for `caller` now. */
export const openTransitions = (
  caller: Caller,
  order: { customerId: string; status: OrderStatus },
): OrderAction[] =>
  orderActions.filter((action) => statusAfter(order.status, action) && roleFor(caller, order, action))
