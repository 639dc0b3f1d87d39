import { faultProxy, until } from '@alicerce/testing'
import { expect, onTestFinished, test } from 'vitest'
import {
  createOutbox,
  createRelay,
  type OutboxMessage,
  type RelayedMessage,
  type RelayOptions,
} from '#src/index.ts'
import { inOtherProcess, killHard, type Opened, openDatabase, rows, type Schema } from '../fixtures.ts'

const outbox = createOutbox()
const append = (database: Opened['database'], ...messages: OutboxMessage[]) =>
  database.transaction((tx) => outbox.append(tx, messages))
const event = (key: string, payload: unknown = key): OutboxMessage => ({ topic: 'events', key, payload })

/** A relay that keeps what it delivers, running until the test ends. */
async function startRelay({ database, url, log }: Opened, options: Partial<RelayOptions<Schema>> = {}) {
  const delivered: RelayedMessage[] = []
  const keep = async (message: RelayedMessage) => void delivered.push(message)
  const relay = createRelay({ database, url, log, handlers: { events: keep }, ...options })
  onTestFinished(relay.stop)
  await relay.start()
  return { relay, delivered, payloads: () => delivered.map(({ payload }) => payload) }
}

test('SV-26 what was committed is delivered once, what was rolled back never', async () => {
  const opened = await openDatabase()
  const { payloads } = await startRelay(opened)
  await expect(
    opened.database.transaction(async (tx) => {
      await outbox.append(tx, [event('rolled back')])
      throw new Error('rollback')
    }),
  ).rejects.toThrow('rollback')
  await append(opened.database, event('committed'))
  await until(() => payloads().length > 0)
  await append(opened.database, event('last'))
  await until(() => payloads().length > 1)
  expect(payloads()).toEqual(['committed', 'last'])
})

test('a commit wakes the relay long before it polls', async () => {
  const opened = await openDatabase()
  const { delivered } = await startRelay(opened, { pollMilliseconds: 60_000 })
  await append(opened.database, event('warm'))
  await until(() => delivered.length === 1)
  await append(opened.database, event('woken'))
  await until(() => delivered.length === 2)
})

test('without its listening connection it polls, and listens again when it can', async () => {
  const opened = await openDatabase()
  const proxy = await faultProxy({ target: opened.url })
  onTestFinished(proxy.close)
  const { delivered } = await startRelay({ ...opened, url: proxy.url }, { pollMilliseconds: 100 })
  proxy.cut()
  await append(opened.database, event('polled'))
  await until(() => delivered.length === 1)
  expect(opened.log.text()).toContain('outbox listener')
  proxy.resume()
  const listeners = `select from pg_stat_activity where application_name = 'outbox-listener' and datname = current_database()`
  await until(async () => (await rows(opened.database, listeners)).length === 1)
})

test('SV-29 what a relay holds that stands still is delivered by another one, and the first goes on when it can', async () => {
  const opened = await openDatabase()
  const { child } = await inOtherProcess(`
    const log = { debug() {}, info() {}, warn() {}, error() {} }
    const url = ${JSON.stringify(opened.url)}
    const db = database.createDatabase({ url, applicationName: 'frozen', log, idleInTransactionTimeoutMilliseconds: 500 })
    await db.transaction((tx) => database.createOutbox().append(tx, [{ topic: 'events', key: 'one', payload: 'held' }]))
    const events = ({ payload }) => { if (payload === 'held') { console.log('delivering'); return new Promise((resolve) => setTimeout(resolve, 3000)) } return Promise.resolve() }
    await database.createRelay({ database: db, url, log, handlers: { events } }).start()`)
  child.kill('SIGSTOP')
  const { relay, payloads } = await startRelay(opened)
  await append(opened.database, event('one', 'later'))
  await until(() => payloads().length > 1)
  expect(payloads()).toEqual(['held', 'later'])
  await relay.stop()
  child.kill('SIGCONT')
  await append(opened.database, event('two', 'by the first'))
  const open = `select from outbox where delivered_at is null`
  await until(async () => (await rows(opened.database, open)).length === 0)
})

test('SV-29 after kill -9 between commit and delivery another relay delivers', async () => {
  const opened = await openDatabase()
  const { child } = await inOtherProcess(`
    const log = { debug() {}, info() {}, warn() {}, error() {} }
    const url = ${JSON.stringify(opened.url)}
    const db = database.createDatabase({ url, applicationName: 'doomed', log })
    await db.transaction((tx) => database.createOutbox().append(tx, [{ topic: 'events', key: 'one', payload: 'survivor' }]))
    const events = () => { console.log('delivering'); return new Promise(() => {}) }
    await database.createRelay({ database: db, url, log, handlers: { events } }).start()`)
  await killHard(child)
  const { payloads } = await startRelay(opened)
  await until(() => payloads().length > 0)
  expect(payloads()).toEqual(['survivor'])
})

test('SV-29 a failing message backs off and holds its own key back, no other', async () => {
  const opened = await openDatabase()
  const order: unknown[] = []
  let failures = 2
  const events = async ({ payload }: RelayedMessage) => {
    if (payload === 'a1' && failures-- > 0) throw new Error('not now')
    order.push(payload)
  }
  await append(opened.database, event('a', 'a1'), event('a', 'a2'), event('b', 'b1'))
  await startRelay(opened, { handlers: { events }, pollMilliseconds: 20, backOff: () => 50 })
  await until(() => order.length === 3)
  expect(order).toEqual(['b1', 'a1', 'a2'])
  const [first] = await rows<{ attempts: number }>(
    opened.database,
    'select attempts from outbox order by id limit 1',
  )
  expect(first?.attempts).toBe(2)
})

test('CA-37 what fails because its receiver is away is never parked, and all of it goes out when that is back', async () => {
  const opened = await openDatabase()
  let [away, tries] = [true, 0]
  const delivered: unknown[] = []
  const receiver = async ({ payload }: RelayedMessage) => {
    tries++
    if (away) throw new Error('away')
    delivered.push(payload)
  }
  const messages = Array.from({ length: 120 }, (_, number) => event(`key ${number}`, number))
  await append(opened.database, ...messages)
  await startRelay(opened, {
    handlers: { events: receiver },
    insistent: ['events'],
    maximumAttempts: 1,
    backOff: () => 3_600_000,
  })
  await until(() => tries > 150) // 50 keys at once, so it came back more than once
  expect(
    await rows(opened.database, 'select from outbox where parked_at is not null or attempts > 0'),
  ).toEqual([])
  expect(opened.log.lines.filter(({ message }) => message.includes('tried on and on'))).toHaveLength(1)
  away = false
  await until(() => delivered.length === messages.length)
  expect(delivered.toSorted((one, other) => Number(one) - Number(other))).toEqual(
    messages.map(({ payload }) => payload),
  )
})

test('SV-29 while an insistent topic rests, others go on', async () => {
  const opened = await openDatabase()
  let tries = 0
  const delivered: unknown[] = []
  await startRelay(opened, {
    handlers: {
      events: async ({ payload }: RelayedMessage) => void delivered.push(payload),
      away: async () => {
        tries++
        throw new Error('away')
      },
    },
    insistent: ['away'],
  })
  await append(opened.database, { topic: 'away', key: 'one', payload: 0 })
  await until(() => tries > 0)
  await append(opened.database, event('a'))
  await until(() => delivered.length === 1)
  await until(() => tries > 2)
})

test('SV-29 a message that keeps failing is parked visibly, and what follows goes on', async () => {
  const opened = await openDatabase()
  const order: unknown[] = []
  const events = async ({ payload }: RelayedMessage) => {
    if (payload === 'poison') throw new Error('never')
    order.push(payload)
  }
  await append(opened.database, event('a', 'poison'), event('a', 'next'))
  await startRelay(opened, {
    handlers: { events },
    pollMilliseconds: 10,
    backOff: () => 1,
    maximumAttempts: 3,
  })
  await until(() => order.length === 1)
  const parked = await rows(
    opened.database,
    'select payload, attempts, last_error from outbox where parked_at is not null',
  )
  expect(parked).toEqual([{ payload: 'poison', attempts: 3, last_error: 'never' }])
  expect(opened.log.lines.filter(({ level }) => level === 'error')).toHaveLength(1)
})

test('SV-29 a handler that never ends is not waited for', { timeout: 40_000 }, async () => {
  const opened = await openDatabase()
  const done: unknown[] = []
  let stuck = true
  const events = async ({ payload }: RelayedMessage) => {
    if (stuck) {
      stuck = false
      await new Promise(() => {})
    }
    done.push(payload)
  }
  await append(opened.database, event('a'))
  await startRelay(opened, { handlers: { events }, pollMilliseconds: 50, backOff: () => 1 })
  await until(() => done.length === 1, { timeoutMilliseconds: 20_000 })
  expect(opened.log.text()).toContain('delivery-timeout')
})

test('a message of a topic that nobody here delivers waits for a relay that does', async () => {
  const opened = await openDatabase()
  await append(opened.database, { topic: 'other', key: 'a', payload: 1 }, event('a'))
  const { delivered } = await startRelay(opened)
  await until(() => delivered.length === 1)
  expect(await rows(opened.database, 'select topic from outbox where delivered_at is null')).toEqual([
    { topic: 'other' },
  ])
})

test('SV-30 two relays lose nothing and keep the order of each key', async () => {
  const opened = await openDatabase()
  const delivered: Record<string, number[]> = {}
  let atWork = 0
  let mostAtWork = 0
  const events = async ({ key, payload }: RelayedMessage) => {
    mostAtWork = Math.max(mostAtWork, ++atWork)
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 4))
    if (Math.random() < 0.03) {
      atWork--
      throw new Error('now and then')
    }
    delivered[key] = [...(delivered[key] ?? []), payload as number]
    atWork--
  }
  const options = { handlers: { events }, pollMilliseconds: 10, backOff: () => 5 }
  await Promise.all([startRelay(opened, options), startRelay(opened, options)])

  const keys = Array.from({ length: 12 }, (_, index) => `key-${index}`)
  const sequence = Array.from({ length: 40 }, (_, index) => index)
  await Promise.all(
    keys.map(async (key) => {
      for (const payload of sequence) await append(opened.database, event(key, payload))
    }),
  )
  await until(
    async () => (await rows(opened.database, 'select from outbox where delivered_at is null')).length === 0,
    {
      timeoutMilliseconds: 20_000,
    },
  )
  for (const key of keys) expect(delivered[key]).toEqual(sequence)
  expect(mostAtWork).toBeGreaterThan(1)
})

test('stopping waits for the delivery at work, and nothing is delivered after it', async () => {
  const opened = await openDatabase()
  const done: unknown[] = []
  let begun = () => {}
  const hasBegun = new Promise<void>((resolve) => {
    begun = resolve
  })
  const events = async ({ payload }: RelayedMessage) => {
    begun()
    await new Promise((resolve) => setTimeout(resolve, 100))
    done.push(payload)
  }
  const { relay } = await startRelay(opened, { handlers: { events } })
  await append(opened.database, event('a'))
  await hasBegun
  await relay.stop()
  expect(done).toEqual(['a'])
  await append(opened.database, event('b'))
  expect(await rows(opened.database, 'select key from outbox where delivered_at is null')).toEqual([
    { key: 'b' },
  ])
})
