import type { OrderAction, OrderStatus } from './order.ts'

/** A line of the order that cannot be accepted; `index` counts from 0. */
export type LineFault = { index: number; reason: string; available?: number }

/** Why something was not done. */
export type OrderFault =
  | { code: 'unknown-product'; lines: LineFault[] }
  | { code: 'repeated-product'; lines: LineFault[] }
  | { code: 'insufficient-stock'; lines: LineFault[] }
  | { code: 'order-not-found' }
  | { code: 'stale-version'; current: number }
  | { code: 'reason-required' }
  | { code: 'transition-forbidden'; action: OrderAction }
  | { code: 'illegal-transition'; current: OrderStatus; allowed: OrderAction[] }

/** What the domain refuses. Nothing was changed. */
export class OrderError extends Error {
  override readonly name = 'OrderError'
  readonly fault: OrderFault

  constructor(fault: OrderFault) {
    super(`The order was refused: ${fault.code}`)
    this.fault = fault
  }

  get code(): OrderFault['code'] {
    return this.fault.code
  }
}
