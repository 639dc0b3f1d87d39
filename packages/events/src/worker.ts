import { setTimeout as sleep } from 'node:timers/promises'
import type { DomainEvent, EventSubscription, Log, Retry } from './event-bus.ts'

/** An event as its driver holds it. */
export type Entry = { id: string; event: DomainEvent }

/** What a driver does with an entry that its worker is done with. Tried again until it succeeds. */
export type Settlement = {
  acknowledge(entry: Entry): Promise<void>
  park(entry: Entry, error: unknown): Promise<void>
}

/** Handles the entries of one subscription: those of a subject one after the other, others side by side. */
export type Worker = {
  /** Takes an entry, unless it has it already. */
  accept(entry: Entry): void
  /** Whether it has as much as it can hold. */
  isFull(): boolean
  /** Resolves when it has room for more. */
  hasRoom(): Promise<void>
  /** The ids of the entries that it has. */
  ids(): string[]
  /** Waits for the handlers at work; entries that wait for a turn or for another attempt are let go. */
  close(): Promise<void>
}

const mostAtOnce = 100
const settleAgainMilliseconds = 500

/** Makes the worker of one subscription; what to do with handled entries is the driver's. */
export function createWorker(options: {
  subscription: EventSubscription
  settlement: Settlement
  retry: Retry
  log: Log
}): Worker {
  const { subscription, settlement, retry, log } = options
  const closing = new AbortController()
  const tasks = new Map<string, Promise<void>>()
  const lastOfSubject = new Map<string, Promise<void>>()

  async function work(entry: Entry): Promise<void> {
    const { event } = entry
    const fields = { event: event.id, type: event.type, subject: event.subject, group: subscription.group }
    for (let failures = 0; !closing.signal.aborted; ) {
      try {
        await subscription.handle(event)
        return await untilSettled(() => settlement.acknowledge(entry))
      } catch (error) {
        failures++
        if (failures >= retry.maximumAttempts) {
          log.error({ ...fields, error, failures }, 'An event is parked: its handler keeps failing')
          return await untilSettled(() => settlement.park(entry, error))
        }
        const wait = retry.backOff(failures)
        log.warn({ ...fields, error, failures, nextAttemptInMilliseconds: wait }, 'An event was not handled')
        await pause(wait)
      }
    }
  }

  async function untilSettled(settle: () => Promise<void>): Promise<void> {
    while (true) {
      try {
        return await settle()
      } catch (error) {
        if (closing.signal.aborted) return
        log.warn({ error, group: subscription.group }, 'A handled event could not be settled')
        await pause(settleAgainMilliseconds)
      }
    }
  }

  const pause = (milliseconds: number) =>
    sleep(milliseconds, undefined, { signal: closing.signal }).catch(() => {})

  const isFull = () => tasks.size >= mostAtOnce

  return {
    accept(entry) {
      if (tasks.has(entry.id)) return
      const { subject } = entry.event
      const task = (lastOfSubject.get(subject) ?? Promise.resolve())
        .then(() => work(entry))
        .finally(() => {
          tasks.delete(entry.id)
          if (lastOfSubject.get(subject) === task) lastOfSubject.delete(subject)
        })
      tasks.set(entry.id, task)
      lastOfSubject.set(subject, task)
    },
    isFull,
    async hasRoom() {
      while (isFull() && !closing.signal.aborted) await Promise.race(tasks.values())
    },
    ids: () => [...tasks.keys()],
    async close() {
      closing.abort()
      await Promise.all(tasks.values())
    },
  }
}
