import { setTimeout as sleep } from 'node:timers/promises'
import { type ClusterServer, until } from '@alicerce/testing'
import { between, type Random } from '../random.ts'
import { groups, tagOf } from '../service/subject.ts'
import { type ClusterPair, type ClusterSide, isPrimary } from '../world/cluster-side.ts'
import type { World } from '../world/world.ts'
import { type Fault, untilRedisIsWell } from './fault.ts'

const patience = { timeoutMilliseconds: 60_000 }

const inCluster = (
  name: string,
  strike: (cluster: ClusterSide, random: Random, world: World) => Promise<void>,
): Fault =>
  untilRedisIsWell({
    name,
    async strike(world, random) {
      const { cluster } = world.redis
      if (!cluster) return false
      await strike(cluster, random, world)
      return true
    },
  })

/** Its replica hears of nothing while this goes on. */
async function unheard({ replica }: ClusterPair, work: () => Promise<void>): Promise<void> {
  await replica.command('CONFIG', 'SET', 'masterauth', 'wrong')
  await replica.command('CLIENT', 'KILL', 'TYPE', 'master')
  await work()
  await replica.command('CONFIG', 'SET', 'masterauth', '')
}

/** A server that was just told to may still be busy with what others tell it, so it is told again. */
const promoted = (replica: ClusterServer, ...how: string[]) =>
  until(async () => {
    if (await isPrimary(replica)) return true
    await replica.command('CLUSTER', 'FAILOVER', ...how)
    return until(() => isPrimary(replica), { timeoutMilliseconds: 5000 })
  }, patience)

/** The primary dies when its replica has fallen behind: what was acknowledged meanwhile is lost. */
export const clusterFailover = inCluster(
  'a primary of the cluster dies, and its replica had not heard of the last writes',
  async (cluster, random) => {
    const pair = await cluster.pair(random)
    await unheard(pair, async () => {
      await sleep(between(random, 0, 1500))
      await pair.primary.kill()
      await until(() => isPrimary(pair.replica), patience)
    })
    await sleep(between(random, 0, 1000))
    await pair.primary.restart()
  },
)

/** What happens to a cluster as such. */
export const clusterFaults: readonly Fault[] = [
  clusterFailover,
  inCluster('a primary of the cluster dies, and its replica takes over', async (cluster, random) => {
    const { primary, replica } = await cluster.pair(random)
    await primary.kill()
    await until(() => isPrimary(replica), patience)
    await sleep(between(random, 0, 1000))
    await primary.restart()
  }),
  inCluster('a replica of the cluster is promoted (CLUSTER FAILOVER)', async (cluster, random) => {
    await promoted((await cluster.pair(random)).replica)
  }),
  // The primary lives, and learns of its successor from others.
  inCluster(
    'a replica that had not heard of the last writes is promoted by force',
    async (cluster, random) => {
      const pair = await cluster.pair(random)
      await unheard(pair, async () => {
        await sleep(between(random, 0, 1500))
        await promoted(pair.replica, 'FORCE')
      })
    },
  ),
  // It forgets the others, as one does that they cannot reach: it takes writes, and nobody who asks them comes to it.
  inCluster('a primary of the cluster is replaced and does not hear of it', async (cluster, random) => {
    const { primary, replica } = await cluster.pair(random)
    await cluster.isolate(primary)
    await promoted(replica, 'TAKEOVER')
    await sleep(between(random, 0, 6000))
    await cluster.reunite(primary)
  }),
  inCluster('slots move to another server, with what they hold', async (cluster, random, { things }) => {
    const thing = Math.floor(random() * things)
    const tag = tagOf(Math.floor(random() * groups))
    for (const id of new Set([0, 1, 2, thing, tag])) {
      const slot = await cluster.slotOf(id)
      const { owner, next } = await cluster.neighbours(slot)
      await cluster.moveSlot(slot, owner, next, () => sleep(between(random, 0, 500)))
    }
  }),
  inCluster('a server of the cluster gives away its own slot', async (cluster, random) => {
    const { primary } = await cluster.pair(random)
    const slot = await cluster.highestSlotOf(primary)
    const { owner, next } = await cluster.neighbours(slot)
    await cluster.moveSlot(slot, owner, next, () => sleep(between(random, 0, 500)))
  }),
]
