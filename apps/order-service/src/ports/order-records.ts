import type { Account, Order, OrderAction, TimelineEntry } from '#src/domain/order.ts'
import type { Product } from '#src/domain/product.ts'
import type { Caller } from '#src/domain/transitions.ts'

/** What the domain does to records within one transaction. Everything commits together, or nothing does. */
export type OrderRecords = {
  /** Locks these products against other orders, in an order that is the same for everybody, so that nobody waits in a circle. */
  lockProducts(ids: readonly string[]): Promise<ReadonlyMap<string, Product>>
  /** Adds to (or, if negative, takes from) stock. Locks in the same order as {@link lockProducts}. */
  changeStock(changes: readonly { productId: string; by: number }[]): Promise<void>
  nextNumber(): Promise<number>
  /** What is known of an account; it is entered with `fallback` if its event has not come yet. */
  accountOf(id: string, fallback: { name: string }): Promise<Account>
  /** Enters a new order with its lines and its first timeline entry. */
  insert(order: Order): Promise<void>
  /** Reads an order and keeps others from changing it until the end of the transaction. */
  lock(id: string): Promise<Order | undefined>
  /** Writes status, version and time of a changed order, and its newest timeline entry. */
  save(order: Order, entry: TimelineEntry): Promise<void>
  /** Tells other services, once the transaction is committed. */
  announce(type: 'order.placed' | 'order.changed', order: Order): Promise<void>
  /** Enters an attempt that was refused; without effect if there is no such order. */
  recordDenied(attempt: {
    orderId: string
    action: OrderAction
    caller: Caller
    reason: string
    now: number
  }): Promise<void>
}

/** Runs `work` in one transaction. */
export type OrderTransactions = { run<R>(work: (records: OrderRecords) => Promise<R>): Promise<R> }
