import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type CapturedLog, capturedLog, until } from '@alicerce/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { DomainEvent, EventBus, EventSubscription, Log, Retry } from '#src/index.ts'

/** Opens a bus that holds no events yet. */
export type Driver = (options: { log: Log; retry: Retry }) => EventBus

export const eventOf = (subject: string, data: unknown = null, type = 'thing.changed'): DomainEvent => ({
  ...{ id: randomUUID(), type, subject, data, time: '2030-01-01T00:00:00.000Z' },
})

/** A subscription that keeps what it handles. */
export function keeping(group: string, types = ['thing.changed']) {
  const handled: DomainEvent[] = []
  const handle = async (event: DomainEvent) => void handled.push(event)
  return { handled, data: () => handled.map(({ data }) => data), group, types, handle }
}

/** What every event bus keeps to, whatever carries the events. */
export function eventBusContract(name: string, driver: Driver): void {
  function openBus(retry: Partial<Retry> = {}): EventBus & { log: CapturedLog } {
    const log = capturedLog()
    const bus = driver({ log, retry: { maximumAttempts: 5, backOff: () => 10, ...retry } })
    onTestFinished(bus.close)
    return { ...bus, log }
  }

  describe(name, () => {
    test('every group gets every event, whole', async () => {
      const bus = openBus()
      const [one, two] = [keeping('one'), keeping('two')]
      await bus.subscribe(one)
      await bus.subscribe(two)
      const event = { ...eventOf('a', { nested: ['x', 1, null] }), traceparent: '00-aa-bb-01' }
      await bus.publish(event)
      await until(() => one.handled.length + two.handled.length === 2)
      expect([...one.handled, ...two.handled]).toEqual([event, event])
    })

    test('a group hears only of the types it asked for', async () => {
      const bus = openBus()
      const group = keeping('one', ['wanted'])
      await bus.subscribe(group)
      await bus.publish(eventOf('a', 1, 'unwanted'))
      await bus.publish(eventOf('a', 2, 'wanted'))
      await until(() => group.handled.length > 0)
      expect(group.data()).toEqual([2])
    })

    test('a group that comes later gets what is held, in order', async () => {
      const bus = openBus()
      for (const data of [1, 2, 3]) await bus.publish(eventOf('a', data))
      const late = keeping('late')
      await bus.subscribe(late)
      await until(() => late.handled.length === 3)
      expect(late.data()).toEqual([1, 2, 3])
    })

    test('the members of one group share its events', async () => {
      const bus = openBus()
      const [one, two] = [keeping('shared'), keeping('shared')]
      await bus.subscribe(one)
      await bus.subscribe(two)
      for (let data = 0; data < 20; data++) await bus.publish(eventOf(`subject-${data}`, data))
      await until(() => one.handled.length + two.handled.length >= 20)
      const all = [...one.data(), ...two.data()].sort((a, b) => Number(a) - Number(b))
      expect(all).toEqual(Array.from({ length: 20 }, (_, index) => index))
    })

    test('a failing handler is called again; its subject keeps its order, others go on', async () => {
      const bus = openBus({ backOff: () => 50 })
      const done: unknown[] = []
      let failures = 2
      const handle = async ({ data }: DomainEvent) => {
        if (data === 'a1' && failures-- > 0) throw new Error('not now')
        done.push(data)
      }
      await bus.subscribe({ group: 'one', types: ['thing.changed'], handle })
      await bus.publish(eventOf('a', 'a1'))
      await bus.publish(eventOf('a', 'a2'))
      await bus.publish(eventOf('b', 'b1'))
      await until(() => done.length === 3)
      expect(done).toEqual(['b1', 'a1', 'a2'])
    })

    test('SV-29 an event whose handler keeps failing is parked with an error in the log, and what follows goes on', async () => {
      const bus = openBus({ maximumAttempts: 3 })
      const group = keeping('one')
      let attempts = 0
      const handle: EventSubscription['handle'] = async (event) => {
        if (event.data !== 'poison') return group.handle(event)
        attempts++
        throw new Error('never')
      }
      await bus.subscribe({ ...group, handle })
      await bus.publish(eventOf('a', 'poison'))
      await bus.publish(eventOf('a', 'next'))
      await until(() => group.handled.length > 0)
      expect(attempts).toBe(3)
      expect(bus.log.lines.filter(({ level }) => level === 'error')).toHaveLength(1)
    })

    test('closing waits for the handler at work; later events wait for the next member', async () => {
      const bus = openBus()
      const first = keeping('one')
      let begun = false
      const slow = async (event: DomainEvent) => {
        begun = true
        await sleep(100)
        await first.handle(event)
      }
      const subscription = await bus.subscribe({ ...first, handle: slow })
      await bus.publish(eventOf('a', 1))
      await until(() => begun)
      await subscription.close()
      expect(first.data()).toEqual([1])

      await bus.publish(eventOf('a', 2))
      const second = keeping('one')
      await bus.subscribe(second)
      await until(() => second.handled.length > 0)
      expect(first.data()).toEqual([1])
      expect(second.data()).toEqual([2])
    })

    test('what a closing member could not handle goes to the next one', async () => {
      const bus = openBus({ backOff: () => 60_000 })
      let attempts = 0
      const failing = async () => {
        attempts++
        throw new Error('not here')
      }
      const subscription = await bus.subscribe({ ...keeping('one'), handle: failing })
      await bus.publish(eventOf('a', 1))
      await bus.publish(eventOf('a', 2))
      await until(() => attempts > 0)
      await subscription.close()
      const next = keeping('one')
      await bus.subscribe(next)
      await until(() => next.handled.length === 2)
      expect(next.data()).toEqual([1, 2])
    })
  })
}
