import { createTestRedis, type TestRedis, until } from '@alicerce/testing'
import { Redis } from 'ioredis'

/** How Redis stands in a world: alone, or with a replica that can take over. */
export const topologies = ['one', 'replica'] as const
export type Topology = (typeof topologies)[number]

/** Redis as a world has it. */
export type RedisSide = {
  /** The server that is used at the moment. */
  readonly serving: TestRedis
  /** The one that follows it, where there is one. */
  readonly following: TestRedis | undefined
  /** The one that follows takes over; the other one follows it, when it lives again. */
  change(): void
  stop(): Promise<void>
}

/** Starts it. */
export async function createRedisSide(topology: Topology): Promise<RedisSide> {
  let serving = await createTestRedis()
  let following = topology === 'replica' ? await createTestRedis() : undefined
  if (following) await follow(following, serving)
  return {
    get serving() {
      return serving
    },
    get following() {
      return following
    },
    change() {
      if (following) [serving, following] = [following, serving]
    },
    async stop() {
      await Promise.all([serving.stop(), following?.stop()])
    },
  }
}

/** Makes a server the replica of another one, and waits until it has all that the other one has. */
export async function follow(replica: TestRedis, primary: TestRedis): Promise<void> {
  const { hostname, port } = new URL(primary.url)
  await administer(replica, async (client) => {
    await client.call('REPLICAOF', hostname, port)
    await until(async () => (await client.info('replication')).includes('master_link_status:up'), {
      timeoutMilliseconds: 60_000,
    })
  })
}

/** Makes a replica a server of its own: it hears of nothing more. */
export const leave = (replica: TestRedis): Promise<void> =>
  administer(replica, async (client) => void (await client.call('REPLICAOF', 'NO', 'ONE')))

/** Runs some commands as an administrator, past all links. */
export async function administer<Result>(
  { url }: TestRedis,
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
