import { join } from 'node:path'
import { until } from '@alicerce/testing'
import { expect, onTestFinished, test, vi } from 'vitest'
import { findRedis, startRedis } from '#src/index.ts'
import { isAlive } from '#src/processes.ts'
import { inOtherProcess, killHard, takenPort, temporaryFolder, watchdogOf } from './fixtures.ts'

const startElsewhere = async (directory: string) => {
  const { child, line } = await inOtherProcess(`
    const redis = await startRedis({ directory: ${JSON.stringify(directory)}, persistent: false })
    console.log(redis.pid)`)
  return { child, pid: Number(line) }
}

test('a machine without Redis is told how to get one', async () => {
  vi.stubEnv('PATH', '/nowhere')
  onTestFinished(() => void vi.unstubAllEnvs())
  expect(findRedis()).toBeUndefined()
  await expect(startRedis({ directory: temporaryFolder(), persistent: false })).rejects.toMatchObject({
    code: 'redis-missing',
  })
})

test('a taken port is named', async () => {
  const port = await takenPort()
  const starting = startRedis({ directory: temporaryFolder(), port, persistent: false })
  await expect(starting).rejects.toMatchObject({
    code: 'port-taken',
    message: expect.stringContaining(`Port ${port}`),
  })
})

test('Redis ends when its starter is killed', async () => {
  const { child, pid } = await startElsewhere(temporaryFolder())
  await killHard(child)
  await until(() => !isAlive(pid))
})

test('a Redis that outlived its killed starter is stopped and started anew', async () => {
  const directory = join(temporaryFolder(), 'redis')
  const { child, pid } = await startElsewhere(directory)
  process.kill(watchdogOf(pid), 'SIGKILL')
  await killHard(child)
  expect(isAlive(pid)).toBe(true)
  const redis = await startRedis({ directory, persistent: false })
  await redis.stop()
  expect(isAlive(pid)).toBe(false)
})
