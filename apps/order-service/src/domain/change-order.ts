import type { OrderRecords, OrderTransactions } from '#src/ports/order-records.ts'
import { OrderError } from './errors.ts'
import type { ActorRole, Order, OrderAction, OrderStatus, TimelineEntry } from './order.ts'
import { type Caller, maySee, openTransitions, roleFor, statusAfter } from './transitions.ts'

/** What somebody wants done to an order. */
export type ChangeOrder = {
  caller: Caller
  orderId: string
  action: OrderAction
  reason?: string
  /** Whether the caller's copy, told by his If-Match, is of this version. */
  isCurrent: (version: number) => boolean
}

/**
 * Moves an order to its next state, with a line in its timeline; cancelling returns the goods to stock. A refusal that says something
 * about its caller is recorded as a denied attempt, in a transaction of its own since the first one is rolled back.
 * @throws {OrderError} `order-not-found` (also for an order that the caller may not see), `stale-version`, `transition-forbidden`,
 *   `illegal-transition`, `reason-required`
 */
export async function changeOrder(
  transactions: OrderTransactions,
  command: ChangeOrder,
  now: number,
): Promise<Order> {
  try {
    return await transactions.run((records) => changeInTransaction(records, command, now))
  } catch (error) {
    if (error instanceof OrderError && isDenial(error)) {
      const { caller, orderId, action } = command
      await transactions.run((records) =>
        records.recordDenied({ orderId, action, caller, reason: error.code, now }),
      )
    }
    throw error
  }
}

/** A stale copy or a missing reason is a slip of the hand, no attempt at something forbidden. */
const isDenial = ({ code }: OrderError) =>
  code === 'order-not-found' || code === 'transition-forbidden' || code === 'illegal-transition'

async function changeInTransaction(records: OrderRecords, command: ChangeOrder, now: number): Promise<Order> {
  const { caller, action } = command
  const order = await records.lock(command.orderId)
  if (!order || !maySee(caller, order)) throw new OrderError({ code: 'order-not-found' })
  if (!command.isCurrent(order.version))
    throw new OrderError({ code: 'stale-version', current: order.version })
  const { to, role } = decide(caller, order, action)
  const reason = command.reason?.trim() || null
  if (action === 'cancel' && role !== 'customer' && !reason) throw new OrderError({ code: 'reason-required' })

  const { name } = await records.accountOf(caller.id, { name: caller.id })
  const at = new Date(now).toISOString()
  const entry: TimelineEntry = {
    at,
    action,
    from: order.status,
    to,
    actor: { id: caller.id, name, role },
    reason,
  }
  const changed: Order = {
    ...order,
    status: to,
    updatedAt: at,
    version: order.version + 1,
    timeline: [...order.timeline, entry],
  }
  if (to === 'cancelled')
    await records.changeStock(order.lines.map(({ productId, quantity }) => ({ productId, by: quantity })))
  await records.save(changed, entry)
  await records.announce('order.changed', changed)
  return changed
}

function decide(caller: Caller, order: Order, action: OrderAction): { to: OrderStatus; role: ActorRole } {
  const role = roleFor(caller, order, action)
  if (!role) throw new OrderError({ code: 'transition-forbidden', action })
  const to = statusAfter(order.status, action)
  if (!to)
    throw new OrderError({
      code: 'illegal-transition',
      current: order.status,
      allowed: openTransitions(caller, order),
    })
  return { to, role }
}
