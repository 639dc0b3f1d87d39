import { setTimeout as sleep } from 'node:timers/promises'
import { type ClusterServer, createTestCluster, until } from '@alicerce/testing'
import { oneOf, type Random } from '../random.ts'

const primaries = 3
/** After each change of the servers processes learn what the cluster holds, and use it again: then it may be hurt again. */
const restMilliseconds = 4000
const patience = { timeoutMilliseconds: 60_000 }

/** One that has slots, and the one that would take over from it. */
export type ClusterPair = { primary: ClusterServer; replica: ClusterServer }

/** A cluster whose primaries have a replica each, whichever of the two that is at the moment. */
export type ClusterSide = {
  readonly urls: readonly string[]
  pair(random: Random): Promise<ClusterPair>
  /** The slot of all keys with this id. */
  slotOf(id: string | number): Promise<number>
  highestSlotOf(primary: ClusterServer): Promise<number>
  /** Where a slot is now, and the next one that has slots. */
  neighbours(slot: number): Promise<{ owner: ClusterServer; next: ClusterServer }>
  /** Moves a slot with its keys; `halfway` runs when half of them have moved. */
  moveSlot(slot: number, from: ClusterServer, to: ClusterServer, halfway: () => Promise<void>): Promise<void>
  /** Makes a server forget all others, and know them again (packages/testing/src/test-cluster.ts). */
  isolate(server: ClusterServer): Promise<void>
  reunite(server: ClusterServer): Promise<void>
  /** Resolves when every slot is served, and every replica follows. */
  well(): Promise<void>
  stop(): Promise<void>
}

/** Starts one, whose servers are found by each process at its own links. */
export async function createClusterSide(): Promise<ClusterSide> {
  const cluster = await createTestCluster({ primaries, replicas: true, withoutHosts: true })
  const places = cluster.primaries.map(
    (one, place) => [one, cluster.replicas[place] as ClusterServer] as const,
  )
  const everyone = places.flat()

  async function pairAt([one, other]: readonly [ClusterServer, ClusterServer]): Promise<ClusterPair> {
    return (await isPrimary(one)) ? { primary: one, replica: other } : { primary: other, replica: one }
  }

  const [asked] = everyone as [ClusterServer]
  const served = async () => (await asked.command('CLUSTER', 'SLOTS')) as SlotRange[]

  return {
    urls: everyone.map(({ url }) => url),
    moveSlot: cluster.moveSlot,
    isolate: cluster.isolate,
    reunite: cluster.reunite,
    stop: cluster.stop,
    pair: (random) => pairAt(oneOf(random, places)),
    slotOf: async (id) => Number(await asked.command('CLUSTER', 'KEYSLOT', `{${id}}`)),
    async highestSlotOf({ name }) {
      const mine = (await served()).filter(([, , [, , owner]]) => owner === name)
      return Math.max(...mine.map(([, last]) => last))
    },
    async neighbours(slot) {
      const range = (await served()).find(([first, last]) => first <= slot && slot <= last)
      const [, , [, , name]] = range as SlotRange
      const inOrder = (await Promise.all(places.map(pairAt))).map(({ primary }) => primary)
      const place = inOrder.findIndex((primary) => primary.name === name)
      const at = (index: number) => inOrder[index % primaries] as ClusterServer
      return { owner: at(place), next: at(place + 1) }
    },
    async well() {
      await cluster.healthy()
      for (const place of places) {
        await until(async () => {
          const { primary, replica } = await pairAt(place)
          return (await isPrimary(primary)) && follows(replica)
        }, patience)
      }
      for (const server of everyone) {
        await until(
          async () => !/ fail[ ,]|fail\?/.test(String(await server.command('CLUSTER', 'NODES'))),
          patience,
        )
      }
      await sleep(restMilliseconds)
    },
  }
}

type SlotRange = [first: number, last: number, primary: [host: unknown, port: number, name: string]]

/** Whether a server takes itself for one that has slots. */
export const isPrimary = async (server: ClusterServer): Promise<boolean> =>
  String(await server.command('ROLE')).startsWith('master')

const follows = async (replica: ClusterServer) =>
  String(await replica.command('INFO', 'replication')).includes('master_link_status:up')
