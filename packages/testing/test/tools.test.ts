import { expect, test } from 'vitest'
import { capturedLog, fakeClock, until } from '#src/index.ts'

test('a fake clock goes only when told to', () => {
  const clock = fakeClock(1000)
  clock.advance(50)
  expect(clock.now()).toBe(1050)
  clock.set(7)
  expect(clock.now()).toBe(7)
})

test('a captured log keeps fields and the words of errors and their causes', () => {
  const log = capturedLog()
  log.warn({ error: new Error('outer', { cause: new Error('secret inner') }), id: 7n }, 'it failed')
  expect(log.lines[0]).toMatchObject({ level: 'warn', message: 'it failed' })
  expect(log.text()).toContain('secret inner')
})

test('until waits for something truthy and returns it', async () => {
  let calls = 0
  expect(await until(() => (++calls > 3 ? 'there' : undefined))).toBe('there')
})

test('until gives up with the last error as the cause', async () => {
  const failing = until(() => Promise.reject(new Error('not yet')), { timeoutMilliseconds: 50 })
  await expect(failing).rejects.toMatchObject({ cause: { message: 'not yet' } })
})
