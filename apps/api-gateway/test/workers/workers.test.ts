import { readFileSync } from 'node:fs'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { stopAll } from '../fixtures.ts'
import { ask, startClients } from './clients.ts'
import { isAlive, startWorkers } from './fixtures.ts'

afterEach(stopAll)

test('GW-67 each worker is told to end in turn, under load, and no request fails', {
  timeout: 90_000,
}, async () => {
  const { url, workers, output } = await startWorkers(2)
  const before = await workers()
  const { tally, stop } = startClients(url, 16)
  await until(() => tally.answers > 500)
  for (const { number, pid } of before) {
    process.kill(pid, 'SIGTERM')
    await until(async () => (await workers())[number - 1]?.pid !== pid, { timeoutMilliseconds: 30_000 })
    await until(() => !isAlive(pid), { timeoutMilliseconds: 30_000 })
  }
  const after = tally.answers
  await until(() => tally.answers > after + 500)
  await stop()
  expect(tally.failures).toEqual([])
  expect(readFileSync(output, 'utf8')).toBe('')
})

test('GW-67 connections that wait for a worker when it is killed are served by the next one', {
  timeout: 90_000,
}, async () => {
  const { url, workers } = await startWorkers(2)
  const [frozen, other] = await workers()
  process.kill(frozen?.pid as number, 'SIGSTOP')
  const answers = Array.from({ length: 32 }, (_, number) => ask(`${url}/api/${number}`))
  // Those that the kernel has given to the other worker are served; the rest wait in the queue of the frozen one.
  let served = 0
  for (const answer of answers) void answer.then(() => served++)
  await until(async () => served > 0)
  expect(served).toBeLessThan(32)
  process.kill(frozen?.pid as number, 'SIGKILL')
  expect(await Promise.all(answers)).toEqual(answers.map((_, number) => `200 answer to /${number}`))
  const [successor, same] = await workers()
  expect(successor?.pid).not.toBe(frozen?.pid)
  expect(same).toEqual(other)
})
