type Write = (fields: object, message: string) => void

/** What this package needs of a log; pino fits. */
export type Log = { debug: Write; info: Write; warn: Write; error: Write }

/** Something that happened in one service and that others may want to know. */
export type DomainEvent = {
  /** UUID. The same at every redelivery: consumers drop what they have seen by it. */
  id: string
  /** Such as `account.registered`. */
  type: string
  /** Id of the aggregate it happened to. Events of one subject are handled in order. */
  subject: string
  /** When it happened, ISO 8601 in UTC. */
  time: string
  /** Anything that JSON can hold. */
  data: unknown
  /** The W3C trace context of the request that caused it. */
  traceparent?: string
}

/** Who wants to hear of what. */
export type EventSubscription = {
  /**
   * Each group gets every event; the members of one group, the copies of a service that is, share them. A new group begins with the
   * oldest event still held.
   */
  group: string
  /** Which types it handles. Others pass it by, for good. */
  types: readonly string[]
  /** Handles one event, maybe again one that it has handled already. Throwing has it called again later. */
  handle(event: DomainEvent): Promise<void>
}

/** A running subscription. */
export type ActiveSubscription = {
  /** Takes no more events, and waits for the handlers at work. What is left unhandled goes to the rest of the group. */
  close(): Promise<void>
}

/**
 * Carries domain events between services: at least once, and in order for each subject as long as one member of a group is at work.
 * A handler that fails is called again with back-off; after its last attempt the event is parked, which the log reports as an error.
 */
export type EventBus = {
  /** Resolves when the event is held. Rejects in bounded time when it is not; publish it again then. */
  publish(event: DomainEvent): Promise<void>
  subscribe(subscription: EventSubscription): Promise<ActiveSubscription>
  /** Closes all subscriptions, then the bus. */
  close(): Promise<void>
}

/** How often, and after which pauses, a failing handler is called again. */
export type Retry = {
  /** After so many failures the event is parked. */
  maximumAttempts: number
  /** Milliseconds to wait after the n-th failure, counted from 1. */
  backOff: (failures: number) => number
}

/** Twenty attempts, from a tenth of a second up to half a minute apart: about five minutes, so that a database may restart meanwhile. */
export const patientRetry: Retry = {
  maximumAttempts: 20,
  backOff: (failures) => Math.min(100 * 2 ** (failures - 1), 30_000) * (0.75 + Math.random() / 4),
}
