import { setTimeout as sleep } from 'node:timers/promises'
import { between } from '../random.ts'
import { administer } from '../world/redis-side.ts'
import { type Fault, fault } from './fault.ts'

export const redisComesBackOld = fault(
  'Redis dies and comes back with what it had some time ago',
  async ({ redis }, random) => {
    const server = await redis.primary(random)
    await administer(server, (client) => client.save())
    await sleep(between(random, 500, 4000))
    await server.kill()
    await sleep(between(random, 0, 1000))
    await server.restart()
  },
)

/** What happens to a server of Redis that takes writes. */
export const redisFaults: readonly Fault[] = [
  fault('Redis stands still', async ({ redis }, random) => {
    const server = await redis.primary(random)
    server.freeze()
    await sleep(between(random, 300, 4000))
    server.resume()
  }),
  fault('FLUSHALL', async ({ redis }, random) =>
    administer(await redis.primary(random), async (client) => void (await client.flushall())),
  ),
  fault('Redis dies and comes back empty', async ({ redis }, random) => {
    const server = await redis.primary(random)
    await administer(server, async (client) => {
      await client.flushall()
      await client.save()
    })
    await server.kill()
    await sleep(between(random, 0, 2000))
    await server.restart()
  }),
  redisComesBackOld,
  fault('Redis evicts', async ({ redis }, random) =>
    administer(await redis.primary(random), async (client) => {
      await client.config('SET', 'maxmemory-policy', 'allkeys-random')
      await client.config('SET', 'maxmemory', '1mb')
      await sleep(between(random, 100, 500))
      await client.config('SET', 'maxmemory', '0')
    }),
  ),
  fault('the links that bring invalidations are cut', async ({ redis }, random) =>
    administer(
      await redis.primary(random),
      async (client) => void (await client.call('CLIENT', 'KILL', 'TYPE', 'pubsub')),
    ),
  ),
]
