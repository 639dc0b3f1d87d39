import { randomUUID } from 'node:crypto'
import type { OutboxMessage } from '@alicerce/database'
import type { DomainEvent } from '@alicerce/events'
import type { Order } from '#src/domain/order.ts'

/** The outbox topic of domain events; the relay hands its messages to the event bus. */
export const eventTopic = 'event'

/** What other services are told of an order. Its address and note stay here. */
export function orderEvent(
  type: 'order.placed' | 'order.changed',
  order: Order,
  traceparent?: string,
): OutboxMessage {
  const { id, number, status, customerId, total, placedAt, updatedAt, version } = order
  const event: DomainEvent = {
    id: randomUUID(),
    type,
    subject: id,
    time: updatedAt,
    data: { id, number, status, customerId, total, lineCount: order.lines.length, placedAt, version },
    ...(traceparent && { traceparent }),
  }
  return { topic: eventTopic, key: id, payload: event }
}
