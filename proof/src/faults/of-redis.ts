import { setTimeout as sleep } from 'node:timers/promises'
import { between } from '../random.ts'
import { administer, follow, leave } from '../world/redis-side.ts'
import { type Fault, fault } from './fault.ts'

export const redisComesBackOld = fault(
  'Redis dies and comes back with what it had some time ago',
  async ({ redis }, random) => {
    await administer(redis.serving, (client) => client.save())
    await sleep(between(random, 500, 4000))
    await redis.serving.kill()
    await sleep(between(random, 0, 1000))
    await redis.serving.restart()
  },
)

/** What happens to Redis itself. */
export const redisFaults: readonly Fault[] = [
  fault('Redis stands still', async ({ redis }, random) => {
    const { serving } = redis
    serving.freeze()
    await sleep(between(random, 300, 4000))
    serving.resume()
  }),
  fault('FLUSHALL', ({ redis }) =>
    administer(redis.serving, async (client) => void (await client.flushall())),
  ),
  fault('Redis dies and comes back empty', async ({ redis }, random) => {
    await administer(redis.serving, async (client) => {
      await client.flushall()
      await client.save()
    })
    await redis.serving.kill()
    await sleep(between(random, 0, 2000))
    await redis.serving.restart()
  }),
  redisComesBackOld,
  fault('Redis evicts', ({ redis }, random) =>
    administer(redis.serving, async (client) => {
      await client.config('SET', 'maxmemory-policy', 'allkeys-random')
      await client.config('SET', 'maxmemory', '1mb')
      await sleep(between(random, 100, 500))
      await client.config('SET', 'maxmemory', '0')
    }),
  ),
  fault('the links that bring invalidations are cut', ({ redis }) =>
    administer(redis.serving, async (client) => void (await client.call('CLIENT', 'KILL', 'TYPE', 'pubsub'))),
  ),
]

/** The replica had fallen behind when the primary died: what was acknowledged meanwhile is lost. */
export const failover: Fault = {
  name: 'a replica takes over that had not heard of the last writes',
  async strike({ redis, services }, random) {
    const { serving: dying, following: heir } = redis
    if (!heir) return false
    await leave(heir)
    await sleep(between(random, 0, 1500))
    await dying.kill()
    await sleep(between(random, 0, 1000))
    for (const { redisLink } of services) redisLink.lead(heir.url)
    redis.change()
    await dying.restart()
    await follow(dying, heir)
    return true
  },
}
