import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { between } from '../random.ts'
import type { World } from '../world/world.ts'
import { type Fault, fault } from './fault.ts'

/** Runs some commands as an administrator, past all links. */
async function administer<Result>(
  { redis }: World,
  work: (client: Redis) => Promise<Result>,
): Promise<Result> {
  const client = new Redis(redis.url)
  try {
    return await work(client)
  } finally {
    client.disconnect()
  }
}

export const redisComesBackOld = fault(
  'Redis dies and comes back with what it had some time ago',
  async (world, random) => {
    await administer(world, (client) => client.save())
    await sleep(between(random, 500, 4000))
    await world.redis.kill()
    await sleep(between(random, 0, 1000))
    await world.redis.restart()
  },
)

/** What happens to Redis itself. */
export const redisFaults: readonly Fault[] = [
  fault('Redis stands still', async ({ redis }, random) => {
    redis.freeze()
    await sleep(between(random, 300, 4000))
    redis.resume()
  }),
  fault('FLUSHALL', (world) => administer(world, async (client) => void (await client.flushall()))),
  fault('Redis dies and comes back empty', async (world, random) => {
    await administer(world, async (client) => {
      await client.flushall()
      await client.save()
    })
    await world.redis.kill()
    await sleep(between(random, 0, 2000))
    await world.redis.restart()
  }),
  redisComesBackOld,
  fault('Redis evicts', (world, random) =>
    administer(world, async (client) => {
      await client.config('SET', 'maxmemory-policy', 'allkeys-random')
      await client.config('SET', 'maxmemory', '1mb')
      await sleep(between(random, 100, 500))
      await client.config('SET', 'maxmemory', '0')
    }),
  ),
  fault('the links that bring invalidations are cut', (world) =>
    administer(world, async (client) => void (await client.call('CLIENT', 'KILL', 'TYPE', 'pubsub'))),
  ),
]
