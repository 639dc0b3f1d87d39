import { capturedLog, until } from '@alicerce/testing'
import { expect, test } from 'vitest'
import { createInProcessEventBus } from '#src/index.ts'
import { eventBusContract, eventOf, keeping } from './event-bus-contract.ts'

eventBusContract('in process', createInProcessEventBus)

test('consumers cannot change each other their events', async () => {
  const bus = createInProcessEventBus({ log: capturedLog() })
  const event = eventOf('a', { list: [1] })
  const other = keeping('other')
  const spoiling = async ({ data }: typeof event) => void (data as { list: number[] }).list.push(2)
  await bus.subscribe({ group: 'spoiling', types: [event.type], handle: spoiling })
  await bus.subscribe(other)
  await bus.publish(event)
  await until(() => other.handled.length > 0)
  expect(other.data()).toEqual([{ list: [1] }])
  expect(event.data).toEqual({ list: [1] })
  await bus.close()
})
