import { faultProxy, until } from '@alicerce/testing'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { createDatabase } from '#src/index.ts'
import { openDatabase, rows } from './fixtures.ts'

const terminateTheOthers = `
  select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and application_name = 'test'`

test('a transaction commits what its work wrote', async () => {
  const { database } = await openDatabase()
  const result = await database.transaction(async (tx) => {
    await tx.query.insertInto('notes').values({ text: 'kept' }).execute()
    return 'done'
  })
  expect(result).toBe('done')
  expect(await rows(database, 'select text from notes')).toEqual([{ text: 'kept' }])
})

test('a transaction whose work throws leaves nothing, and runs no action', async () => {
  const { database } = await openDatabase()
  const ran: string[] = []
  const failing = database.transaction(async (tx) => {
    tx.afterCommit(() => void ran.push('action'))
    await tx.query.insertInto('notes').values({ text: 'lost' }).execute()
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect(await rows(database, 'select from notes')).toEqual([])
  expect(ran).toEqual([])
})

test('actions run after the commit, in order; a failing one is logged and harms nothing', async () => {
  const { database, log } = await openDatabase()
  const seen: unknown[] = []
  await database.transaction(async (tx) => {
    tx.afterCommit(() => {
      throw new Error('first fails')
    })
    tx.afterCommit((async () => {
      throw new Error('second fails later')
    }) as () => void)
    tx.afterCommit(() => void seen.push('third ran'))
    await tx.query.insertInto('notes').values({ text: 'kept' }).execute()
    expect(seen).toEqual([])
  })
  expect(seen).toEqual(['third ran'])
  await until(() => log.lines.length === 2)
  expect(log.text()).toContain('second fails later')
})

test('an action sees the committed rows from another connection', async () => {
  const { database } = await openDatabase()
  const found = await new Promise((resolve) => {
    void database.transaction(async (tx) => {
      tx.afterCommit(() => void rows(database, 'select text from notes').then(resolve))
      await tx.query.insertInto('notes').values({ text: 'kept' }).execute()
    })
  })
  expect(found).toEqual([{ text: 'kept' }])
})

test('the pool survives pg_terminate_backend, between queries and inside of a transaction', async () => {
  const { database, url, log } = await openDatabase()
  const killer = createDatabase({ url, applicationName: 'killer', log })
  onTestFinished(killer.close)
  const terminate = () => sql.raw(terminateTheOthers).execute(killer.query)
  const losses = () => log.lines.filter(({ message }) => message.includes('was lost')).length

  await database.ping()
  await terminate()
  await until(() => losses() > 0)
  await database.ping()

  const broken = database.transaction(async (tx) => {
    await tx.query.insertInto('notes').values({ text: 'lost' }).execute()
    const before = losses()
    await terminate()
    await until(() => losses() > before)
    await tx.query.insertInto('notes').values({ text: 'lost too' }).execute()
  })
  await expect(broken).rejects.toThrow(/connection/i)
  expect(await rows(database, 'select from notes')).toEqual([])
})

test('a statement that takes too long is cancelled', async () => {
  const { database } = await openDatabase({ statementTimeoutMilliseconds: 50 })
  await expect(rows(database, 'select pg_sleep(5)')).rejects.toThrow('statement timeout')
  await database.ping()
})

test('SV-34 a ping fails while the database is away, and succeeds when it is back', async () => {
  const { url, log } = await openDatabase()
  const proxy = await faultProxy({ target: url })
  onTestFinished(proxy.close)
  const database = createDatabase({ url: proxy.url, applicationName: 'far', log })
  onTestFinished(database.close)
  await database.ping()
  proxy.cut()
  await expect(database.ping()).rejects.toThrow()
  proxy.resume()
  await database.ping()
})

test('SV-34 a ping fails in bounded time when the database is silent', async () => {
  const { url, log } = await openDatabase()
  const proxy = await faultProxy({ target: url })
  const database = createDatabase({ url: proxy.url, applicationName: 'far', log })
  onTestFinished(async () => {
    proxy.resume()
    await database.close()
    await proxy.close()
  })
  await database.ping()
  proxy.freeze()
  await expect(database.ping()).rejects.toMatchObject({ code: 'ping-timeout' })
})

test('every query is reported with its duration, failed ones too', async () => {
  const durations: number[] = []
  const { database } = await openDatabase({
    onQuery: ({ durationMilliseconds }) => durations.push(durationMilliseconds),
  })
  await rows(database, 'select pg_sleep(0.02)')
  await expect(rows(database, 'select wrong')).rejects.toThrow()
  expect(durations).toHaveLength(2)
  expect(durations[0]).toBeGreaterThan(15)
})
