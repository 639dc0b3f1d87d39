import { setTimeout as sleep } from 'node:timers/promises'
import { bounded } from '../bounded.ts'
import { between, oneOf, seededRandom } from '../random.ts'
import type { Topology } from '../world/redis-side.ts'
import type { World } from '../world/world.ts'
import { type Fault, untilRedisIsWell } from './fault.ts'
import { clusterFaults } from './of-clusters.ts'
import { linkFaults, oneServerLinkFaults } from './of-links.ts'
import { pairFaults } from './of-pairs.ts'
import { processFaults } from './of-processes.ts'
import { redisFaults } from './of-redis.ts'

/** Faults of one lane come one after the other, those of different lanes at the same time. */
export type Lanes = readonly (readonly Fault[])[]

const wherever = redisFaults.map(untilRedisIsWell)
const redisLanes: Record<Topology, Lanes> = {
  one: [wherever, linkFaults],
  replica: [[...wherever, ...pairFaults], linkFaults],
  cluster: [
    [...wherever, ...clusterFaults],
    [...linkFaults, ...oneServerLinkFaults],
  ],
}

/** Everything that can go wrong where Redis stands so. */
export const allFaults = (topology: Topology): Lanes => [processFaults, ...redisLanes[topology]]

/** Starts of processes on a busy machine included. */
const longestFault = 120_000

/** How often each fault came to pass. */
export type FaultCounts = Record<string, number>

/**
 * Lets faults happen until the time is over; all is well when it resolves. The seed decides which ones come in which order.
 */
export async function storm(
  world: World,
  options: { seed: number; milliseconds: number; lanes: Lanes; onFault: (name: string) => void },
): Promise<FaultCounts> {
  const { lanes } = options
  const end = performance.now() + options.milliseconds
  const counts: FaultCounts = {}
  async function strikeOn(faults: readonly Fault[], lane: number): Promise<void> {
    const random = seededRandom(options.seed * lanes.length + lane)
    for (;;) {
      await sleep(between(random, 200, 4000))
      if (performance.now() > end) return
      const { name, strike } = oneOf(random, faults)
      const struck = await bounded(longestFault, `the fault "${name}" to be over`, strike(world, random))
      if (!struck) continue
      counts[name] = (counts[name] ?? 0) + 1
      options.onFault(name)
    }
  }
  await Promise.all(lanes.map(strikeOn))
  for (const service of world.services) service.thaw()
  return counts
}
