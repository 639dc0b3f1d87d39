import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type LocalRedis, startRedis } from '@alicerce/local-infrastructure'
import { Redis } from 'ioredis'
import { freePort } from './free-port.ts'
import { currentRun, randomName } from './run.ts'
import { until } from './until.ts'

const slotCount = 16_384
/** A server that does not answer its peers for so long has failed. */
const failedAfterMilliseconds = 1000

/** One server of a cluster, to be hurt. */
export type ClusterServer = {
  readonly url: string
  /** Its name in the cluster. */
  readonly name: string
  /** Sends it a command, whoever has the key. */
  command(name: string, ...values: (string | number)[]): Promise<unknown>
  /** Ends it as a crash does: what it held is lost. */
  kill(): Promise<void>
  /** Starts it again on the same port, empty, as the member that it was. */
  restart(): Promise<void>
  freeze(): void
  resume(): void
}

type Member = ClusterServer & { port: number; busPort: number; isAlive(): boolean; stop(): Promise<void> }

/** A Redis Cluster of one test's own. */
export type TestCluster = {
  readonly urls: readonly string[]
  readonly primaries: readonly ClusterServer[]
  /** The replica of the primary in the same place, where there are replicas. */
  readonly replicas: readonly ClusterServer[]
  /** A server that belongs to nothing yet, with {@link TestCluster.join}. */
  join(): Promise<ClusterServer>
  /**
   * Moves a slot with its keys from one server to another, as `redis-cli --cluster reshard` does. `halfway` runs when half of the keys have
   * moved.
   */
  moveSlot(slot: number, from: ClusterServer, to: ClusterServer, halfway?: () => Promise<void>): Promise<void>
  /**
   * Makes a server forget all others. Until {@link TestCluster.reunite}, at least for a minute, it goes on as what it was and hears of nothing
   * that they decide.
   */
  isolate(server: ClusterServer): Promise<void>
  reunite(server: ClusterServer): Promise<void>
  /** Waits until all servers that live agree that every slot is served. */
  healthy(): Promise<void>
  stop(): Promise<void>
}

/**
 * Starts a Redis Cluster on free ports of this machine. It goes on without the slots of a server that is gone (`cluster-require-full-coverage
 * no`), and takes a server for failed after a second.
 */
export async function createTestCluster(options: {
  primaries: number
  replicas?: boolean
  /**
   * Whether servers name each other to clients by their ports alone: then each client finds all of them at the host by which it came, so
   * that its links can lead through proxies of its own.
   */
  withoutHosts?: boolean
}): Promise<TestCluster> {
  const directory = join(currentRun().directory, `cluster-${randomName()}`)
  const everyone: Member[] = []

  async function start() {
    const busPort = await freePort()
    const folder = join(directory, String(everyone.length))
    await mkdir(folder, { recursive: true })
    const settings = {
      'cluster-enabled': 'yes',
      'cluster-port': String(busPort),
      'cluster-config-file': 'nodes.conf',
      'cluster-node-timeout': String(failedAfterMilliseconds),
      'cluster-require-full-coverage': 'no',
      'cluster-replica-validity-factor': '0',
      'cluster-allow-replica-migration': 'no',
      ...(options.withoutHosts && { 'cluster-preferred-endpoint-type': 'unknown-endpoint' }),
    }
    const launch = (port: number) => startRedis({ directory: folder, persistent: false, settings, port })
    let redis: LocalRedis = await launch(await freePort())
    const { port, url } = redis
    let isAlive = true
    const administrator = new Redis(url, { maxRetriesPerRequest: 0, commandTimeout: 5000 })
    administrator.on('error', () => {})
    const server: Member = {
      ...{ url, port, busPort },
      name: String(await administrator.call('CLUSTER', 'MYID')),
      isAlive: () => isAlive,
      command: (name: string, ...values: (string | number)[]) => administrator.call(name, ...values),
      async kill() {
        isAlive = false
        process.kill(redis.pid, 'SIGKILL')
        await redis.stop()
      },
      async restart() {
        redis = await launch(port)
        isAlive = true
      },
      freeze: () => void process.kill(redis.pid, 'SIGSTOP'),
      resume: () => void process.kill(redis.pid, 'SIGCONT'),
      async stop() {
        administrator.disconnect()
        if (isAlive) process.kill(redis.pid, 'SIGCONT')
        await redis.stop()
      },
    }
    everyone.push(server)
    const [first] = everyone
    if (first && first !== server)
      await server.command('CLUSTER', 'MEET', '127.0.0.1', first.port, first.busPort)
    return server
  }

  const knowsAll = async (server: ClusterServer) =>
    /cluster_known_nodes:(\d+)/.exec(String(await server.command('CLUSTER', 'INFO')))?.[1] ===
    String(everyone.length)

  async function allAgree(): Promise<boolean> {
    const views = await Promise.all(
      everyone
        .filter((server) => server.isAlive())
        .map(async (server) => {
          const slots = (await server.command('CLUSTER', 'SLOTS')) as [number, number, [string, number]][]
          const served = slots.reduce((sum, [first, last]) => sum + last - first + 1, 0)
          const owners = slots.map(([first, last, [, port]]) => `${first}-${last}:${port}`).sort()
          return served === slotCount ? owners.join() : String(Math.random())
        }),
    )
    return new Set(views).size === 1
  }

  const healthy = async () => void (await until(allAgree, { timeoutMilliseconds: 30_000 }))

  const primaries: ClusterServer[] = []
  for (let number = 0; number < options.primaries; number++) primaries.push(await start())
  const share = Math.ceil(slotCount / primaries.length)
  await Promise.all(
    primaries.map((server, number) =>
      server.command(
        'CLUSTER',
        'ADDSLOTSRANGE',
        number * share,
        Math.min((number + 1) * share, slotCount) - 1,
      ),
    ),
  )
  await healthy()
  const replicas: ClusterServer[] = []
  for (const primary of options.replicas ? primaries : []) {
    const replica = await start()
    await until(() => knowsAll(replica))
    await until(() => replica.command('CLUSTER', 'REPLICATE', primary.name))
    replicas.push(replica)
  }
  for (const replica of replicas) {
    await until(async () =>
      String(await replica.command('INFO', 'replication')).includes('master_link_status:up'),
    )
  }
  for (const server of everyone) await until(() => knowsAll(server))

  async function moveSlot(slot: number, from: ClusterServer, to: ClusterServer, halfway = async () => {}) {
    await to.command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', from.name)
    await from.command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', to.name)
    const { hostname, port } = new URL(to.url)
    const keys = (await from.command('CLUSTER', 'GETKEYSINSLOT', slot, 100_000)) as string[]
    const migrate = (key: string) => from.command('MIGRATE', hostname, port, key, 0, 5000)
    const middle = Math.ceil(keys.length / 2)
    for (const key of keys.slice(0, middle)) await migrate(key)
    await halfway()
    for (const key of keys.slice(middle)) await migrate(key)
    for (const server of [to, from]) await server.command('CLUSTER', 'SETSLOT', slot, 'NODE', to.name)
  }

  const othersThan = ({ name }: ClusterServer) => everyone.filter((server) => server.name !== name)

  return {
    async isolate(server) {
      for (const { name } of othersThan(server)) await server.command('CLUSTER', 'FORGET', name)
    },
    async reunite(server) {
      for (const { port, busPort } of othersThan(server))
        await server.command('CLUSTER', 'MEET', '127.0.0.1', port, busPort)
      await until(() => knowsAll(server), { timeoutMilliseconds: 60_000 })
    },
    urls: primaries.map(({ url }) => url),
    ...{ primaries, replicas, moveSlot, healthy },
    async join() {
      const server = await start()
      await until(() => knowsAll(server))
      await until(async () => String(await server.command('CLUSTER', 'INFO')).includes('cluster_state:ok'))
      for (const each of everyone) if (each.isAlive()) await until(() => knowsAll(each))
      return server
    },
    async stop() {
      await Promise.all(everyone.map((server) => server.stop()))
    },
  }
}
