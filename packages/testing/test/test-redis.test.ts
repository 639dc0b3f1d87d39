import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { createTestRedis, testRedisUrl, until } from '#src/index.ts'

function connect(url: string, options = {}) {
  const redis = new Redis(url, options)
  redis.on('error', () => {})
  onTestFinished(() => redis.disconnect())
  return redis
}

test('each asker gets an empty database of its own', async () => {
  const [one, two] = [connect(testRedisUrl()), connect(testRedisUrl())]
  await one.set('key', 'value')
  expect(await two.get('key')).toBeNull()
})

test('a Redis of the test can be frozen and woken', async () => {
  const server = await createTestRedis()
  onTestFinished(server.stop)
  const redis = connect(server.url, { commandTimeout: 100 })
  await redis.ping()
  server.freeze()
  await expect(redis.ping()).rejects.toThrow('timed out')
  server.resume()
  await until(async () => (await redis.ping()) === 'PONG')
})

test('a killed Redis comes back on the same URL, with its data where it keeps any', async () => {
  const server = await createTestRedis({ persistent: true })
  onTestFinished(server.stop)
  const redis = connect(server.url)
  await redis.set('key', 'value')
  await redis
    .call('WAITAOF', '1', '0', '1000')
    .catch(() => new Promise((resolve) => setTimeout(resolve, 1100)))
  await server.kill()
  await server.restart()
  await until(async () => (await redis.get('key')) === 'value')
})
