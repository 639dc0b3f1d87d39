import { createTestRedis, type TestRedis, until } from '@alicerce/testing'
import { Redis } from 'ioredis'
import type { Random } from '../random.ts'
import { type ClusterSide, createClusterSide } from './cluster-side.ts'

/** How Redis stands in a world: alone, with a replica that can take over, or as a cluster of primaries that have a replica each. */
export const topologies = ['one', 'replica', 'cluster'] as const
export type Topology = (typeof topologies)[number]

/** One server, to be hurt. */
export type RedisServer = Pick<TestRedis, 'url' | 'kill' | 'restart' | 'freeze' | 'resume'>

/** A server and the one that follows it. */
export type RedisPair = {
  /** The server that is used at the moment. */
  readonly serving: TestRedis
  readonly following: TestRedis
  /** The one that follows takes over. */
  change(): void
}

/** Redis as a world has it. */
export type RedisSide = {
  readonly topology: Topology
  /** Of all servers; first, where there is one, the one that serves at the beginning. */
  readonly urls: readonly string[]
  /** One of those that take writes now. */
  primary(random: Random): Promise<RedisServer>
  /** Resolves when all of it is as it should be. */
  well(): Promise<void>
  readonly pair?: RedisPair
  readonly cluster?: ClusterSide
  stop(): Promise<void>
}

/** Starts it. */
export function createRedisSide(topology: Topology): Promise<RedisSide> {
  if (topology === 'cluster') return inCluster()
  return topology === 'replica' ? withReplica() : alone()
}

async function alone(): Promise<RedisSide> {
  const redis = await createTestRedis()
  return {
    ...{ topology: 'one', urls: [redis.url], stop: redis.stop },
    primary: async () => redis,
    well: async () => {},
  }
}

async function withReplica(): Promise<RedisSide> {
  let serving = await createTestRedis()
  let following = await createTestRedis({ replicaOf: serving.url })
  const servers = [serving, following]
  const well = () => untilFollows(following)
  await well()
  return {
    ...{ topology: 'replica', urls: servers.map(({ url }) => url), well },
    primary: async () => serving,
    pair: {
      get serving() {
        return serving
      },
      get following() {
        return following
      },
      change() {
        ;[serving, following] = [following, serving]
      },
    },
    stop: async () => void (await Promise.all(servers.map((server) => server.stop()))),
  }
}

async function inCluster(): Promise<RedisSide> {
  const cluster = await createClusterSide()
  return {
    ...{ topology: 'cluster', urls: cluster.urls, cluster, well: cluster.well, stop: cluster.stop },
    primary: async (random) => (await cluster.pair(random)).primary,
  }
}

/** Makes a server the replica of another one, and waits until it has all that the other one has. */
export async function follow(replica: TestRedis, primary: TestRedis): Promise<void> {
  const { hostname, port } = new URL(primary.url)
  await administer(replica, (client) => client.call('REPLICAOF', hostname, port))
  await untilFollows(replica)
}

const untilFollows = (replica: TestRedis): Promise<void> =>
  administer(replica, async (client) => {
    await until(async () => (await client.info('replication')).includes('master_link_status:up'), {
      timeoutMilliseconds: 60_000,
    })
  })

/** Makes a replica a server of its own: it hears of nothing more. */
export const leave = (replica: TestRedis): Promise<unknown> =>
  administer(replica, (client) => client.call('REPLICAOF', 'NO', 'ONE'))

/** Runs some commands as an administrator, past all links. */
export async function administer<Result>(
  { url }: Pick<RedisServer, 'url'>,
  work: (client: Redis) => Promise<Result>,
): Promise<Result> {
  const client = new Redis(url)
  client.on('error', () => {}) // the command says so
  try {
    return await work(client)
  } finally {
    client.disconnect()
  }
}
