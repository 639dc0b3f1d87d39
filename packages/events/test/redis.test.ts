import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { capturedLog, createTestRedis, faultProxy, testRedisUrl, until } from '@alicerce/testing'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { createRedisEventBus, type RedisEventBusOptions } from '#src/index.ts'
import { eventBusContract, eventOf, keeping } from './event-bus-contract.ts'

eventBusContract('over Redis', (options) => createRedisEventBus({ url: testRedisUrl(), ...options }))

function openBus(url: string, options: Partial<RedisEventBusOptions> = {}) {
  const log = capturedLog()
  const bus = createRedisEventBus({ url, log, ...options })
  onTestFinished(bus.close)
  return { ...bus, log }
}

function client(url: string): Redis {
  const redis = new Redis(url)
  onTestFinished(() => redis.disconnect())
  return redis
}

test('events of a member that was killed go to another of its group', async () => {
  const url = testRedisUrl()
  const bus = openBus(url, { abandonedAfterMilliseconds: 300 })
  const door = JSON.stringify(join(import.meta.dirname, '../src/index.ts'))
  const program = `import { createRedisEventBus } from ${door}
    const log = { debug() {}, info() {}, warn() {}, error() {} }
    const handle = () => { console.log('handling'); return new Promise(() => {}) }
    await createRedisEventBus({ url: ${JSON.stringify(url)}, log }).subscribe({ group: 'one', types: ['thing.changed'], handle })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await bus.publish(eventOf('a', 'survivor'))
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')

  const next = keeping('one')
  await bus.subscribe(next)
  await until(() => next.handled.length > 0)
  expect(next.data()).toEqual(['survivor'])
})

test('a slow handler keeps its event: no other member takes it', async () => {
  const url = testRedisUrl()
  const handled: string[] = []
  const slow = (name: string) => async () => {
    handled.push(name)
    await sleep(600)
  }
  const options = { abandonedAfterMilliseconds: 150 }
  await openBus(url, options).subscribe({ ...keeping('one'), handle: slow('first') })
  const bus = openBus(url, options)
  await bus.publish(eventOf('a'))
  await until(() => handled.length === 1)
  await bus.subscribe({ ...keeping('one'), handle: slow('second') })
  await sleep(700)
  expect(handled).toEqual(['first'])
})

test('SV-29 a parked event is found in a stream of its own, with group and reason', async () => {
  const url = testRedisUrl()
  const bus = openBus(url, { retry: { maximumAttempts: 1, backOff: () => 1 } })
  const failing = async () => {
    throw new Error('no such account')
  }
  const event = eventOf('a', { some: 'data' })
  await bus.subscribe({ ...keeping('names'), handle: failing })
  await bus.publish(event)
  const redis = client(url)
  const parked = await until(async () => (await redis.xrange('alicerce:events:parked', '-', '+'))[0])
  expect(parked[1]).toEqual(['group', 'names', 'error', 'no such account', 'event', JSON.stringify(event)])
  await until(async () => ((await redis.xpending('alicerce:events', 'names')) as [number])[0] === 0)
})

test('the stream is bounded', async () => {
  const url = testRedisUrl()
  const redis = client(url)
  await openBus(url).publish(eventOf('a'))
  for (let round = 0; round < 11; round++) {
    const pipeline = redis.pipeline()
    for (let index = 0; index < 10_000; index++) pipeline.xadd('alicerce:events', '*', 'event', '{}')
    await pipeline.exec()
  }
  await openBus(url).publish(eventOf('a'))
  expect(await redis.xlen('alicerce:events')).toBeLessThan(101_000)
})

test('what is in the stream and no event of ours is passed by', async () => {
  const url = testRedisUrl()
  await client(url).xadd('alicerce:events', '*', 'event', 'no json')
  await client(url).xadd('alicerce:events', '*', 'other', 'field')
  const bus = openBus(url)
  const group = keeping('one')
  await bus.subscribe(group)
  await bus.publish(eventOf('a', 1))
  await until(() => group.handled.length > 0)
  expect(group.data()).toEqual([1])
})

test('a member that leaves is struck from its group', async () => {
  const url = testRedisUrl()
  const bus = openBus(url)
  const group = keeping('one')
  const subscription = await bus.subscribe(group)
  await bus.publish(eventOf('a'))
  await until(() => group.handled.length > 0)
  await subscription.close()
  expect(await client(url).xinfo('CONSUMERS', 'alicerce:events', 'one')).toEqual([])
})

test('after Redis restarts without its data the subscription goes on', async () => {
  const server = await createTestRedis()
  onTestFinished(server.stop)
  const bus = openBus(server.url)
  const group = keeping('one')
  await bus.subscribe(group)
  await bus.publish(eventOf('a', 'before'))
  await until(() => group.handled.length === 1)
  await server.kill()
  await server.restart()
  await until(() => bus.publish(eventOf('a', 'after')).then(() => true))
  await until(() => group.data().includes('after'))
})

test('without Redis publishing fails in bounded time, and works again when it is back', async () => {
  const proxy = await faultProxy({ target: testRedisUrl() })
  onTestFinished(proxy.close)
  const bus = openBus(proxy.url)
  await bus.publish(eventOf('a'))
  proxy.freeze()
  await expect(bus.publish(eventOf('a'))).rejects.toThrow()
  proxy.resume()
  await until(() => bus.publish(eventOf('a')).then(() => true))
})

test('events whose delivery was cut off arrive when the link is back', async () => {
  const url = testRedisUrl()
  const proxy = await faultProxy({ target: url })
  onTestFinished(proxy.close)
  const group = keeping('one')
  await openBus(proxy.url).subscribe(group)
  const publisher = openBus(url)
  await publisher.publish(eventOf('a', 0))
  await until(() => group.handled.length === 1)

  proxy.delay(100)
  const sent = Array.from({ length: 20 }, (_, index) => index + 1)
  for (const data of sent) await publisher.publish(eventOf('a', data))
  await sleep(120)
  proxy.cut()
  await sleep(100)
  proxy.resume()
  await until(() => new Set(group.data()).size === 21)
  expect([...new Set(group.data())]).toEqual([0, ...sent])
})
