import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../../ports.ts'
import { type BreakerState, createBreaker } from '../../breaker.ts'
import { StoreUnavailable } from '../../cache-store.ts'
import { type Argument, createRedisClient, type RedisClient } from '../client.ts'
import { type KeyedClient, replyIn } from '../key-commands.ts'
import { createReplicas, type Replicas } from '../replicas.ts'
import { slotCount, slotOf, tagInSlot } from './slots.ts'
import { addressOf, highestSlot, parseRedirection, type Shard } from './topology.ts'
import { haveSameServers, mostCommon, type View, viewsOf } from './views.ts'

/** A server of the cluster, and the way to it. */
export type Server = {
  readonly address: string
  readonly host: string
  readonly url: string
  readonly client: RedisClient
  breaker: BreakerState
}

/** A server that has slots. */
export type Primary = {
  readonly server: Server
  /** Its name in the cluster and its address: another one in its place is another one. */
  readonly id: string
  /** A hash tag of a slot of its own. */
  readonly ownTag: string
  readonly replicaUrls: readonly string[]
  /** None, unless they are to be read. */
  readonly replicas: Replicas
}

/** How to reach a cluster. */
export type ClusterOptions = {
  /** URLs of some of its servers. Name and password are those of all. */
  urls: readonly string[]
  deadlineMilliseconds: number
  clock: Clock
  /** Whether replicas are to be read. */
  withReplicas: boolean
  /** Which servers have slots is another set by now. */
  changed(): void
  /** A breaker has turned. */
  breakerTurned(): void
}

/** MOVED by one who has just given the slot away, then ASK by the next, is the longest way that a key takes. */
const mostRedirections = 2
/** So often at most it is asked who has which slots. */
const refreshMilliseconds = 100

/**
 * A client of all servers of a cluster: each command goes to the server that has the slot of its key, together with all others of the same
 * turn. Where a server says that it is another's, that one is asked, for the first has certainly done nothing; but only if it is a server
 * that had slots when it was asked last who has: of others nobody knows what they have lost. Nothing else is ever sent again.
 */
export function createClusterClient(options: ClusterOptions) {
  const { urls, deadlineMilliseconds, clock, withReplicas, changed, breakerTurned } = options
  const servers = new Map<string, Server>()
  const owners: (Server | undefined)[] = new Array(slotCount)
  const seeds = urls.map((url) => serverAt(addressIn(url)))
  let seen: View = []
  let primaries: readonly Primary[] = []
  let connection = 0
  let closed = false
  let refreshing = false
  let isWanted = false
  let turn = 0

  function serverAt(address: string): Server {
    const known = servers.get(address)
    if (known) return known
    const url = withAddress(urls[0] as string, address)
    const breaker = createBreaker(clock, (state) => {
      server.breaker = state
      breakerTurned()
    })
    const client = createRedisClient({
      ...{ url, deadlineMilliseconds, breaker },
      keysPerRead: 1, // two keys are in two slots, and while one slot moves even two of one slot can be in two places
      lost() {
        if (primaries.some(({ server: { address: mine } }) => mine === address)) connection++
        refresh()
      },
    })
    const server: Server = { address, host: new URL(url).hostname, url, client, breaker: 'closed' }
    servers.set(address, server)
    return server
  }

  /** Finds out who has which slots, once for all who want to know, and then not at once again. */
  function refresh(): void {
    isWanted = true
    if (!refreshing) void refreshWhileWanted()
  }

  async function refreshWhileWanted(): Promise<void> {
    refreshing = true
    while (isWanted && !closed) {
      isWanted = false
      await askForSlots()
      if (primaries.length === 0) isWanted = true
      await sleep(refreshMilliseconds, undefined, { ref: false })
    }
    refreshing = false
  }

  async function askForSlots(): Promise<void> {
    const view = mostCommon(await viewsOf(inTurn()))
    if (view && !closed) learn(view)
  }

  /** Another one first each time: where their views are as many, it is not always the same that is believed. */
  function inTurn(): Server[] {
    const all = [...servers.values()]
    const first = turn++ % all.length
    return [...all.slice(first), ...all.slice(0, first)]
  }

  async function agree(): Promise<void> {
    const mine = seen
    const views = await viewsOf([...servers.values()])
    if (views.every((view) => haveSameServers(view, mine))) return
    refresh()
    throw new StoreUnavailable('The servers of the cluster do not agree on who has slots.')
  }

  function learn(shards: View): void {
    const before = primaries
    seen = shards
    primaries = shards.map(primaryOf)
    for (const { replicas } of before) {
      if (!primaries.some((primary) => primary.replicas === replicas)) replicas.close()
    }
    owners.fill(undefined)
    shards.forEach(({ ranges }, index) => {
      for (const [first, last] of ranges) owners.fill(primaries[index]?.server, first, last + 1)
    })
    if (setOf(before) === setOf(primaries)) return
    connection++
    for (const [address, server] of servers) {
      if (seeds.includes(server) || primaries.some((primary) => primary.server === server)) continue
      servers.delete(address)
      server.client.close()
    }
    changed()
  }

  function primaryOf(shard: Shard): Primary {
    const id = `${shard.name}@${shard.address}`
    const known = primaries.find((primary) => primary.id === id)
    const replicaUrls = withReplicas
      ? shard.replicas.map((address) => withAddress(urls[0] as string, address))
      : []
    const same = known?.replicaUrls.join() === replicaUrls.join()
    return {
      server: serverAt(shard.address),
      ...{ id, replicaUrls, ownTag: tagInSlot(highestSlot(shard)) },
      replicas:
        known && same
          ? known.replicas
          : createReplicas({ urls: replicaUrls, deadlineMilliseconds, clock, ofCluster: true }),
    }
  }

  async function send(key: string, command: string, ...values: Argument[]): Promise<unknown> {
    const began = performance.now()
    let server = ownerOf(key)
    let asking = false
    for (let redirections = 0; ; redirections++) {
      try {
        return await (asking
          ? server.client.sendAsking(command, ...values)
          : server.client.send(command, ...values))
      } catch (error) {
        const isLate = performance.now() - began > deadlineMilliseconds
        const next = redirected(error, server)
        if (!next || redirections === mostRedirections || isLate) throw error
        ;({ server, asking } = next)
      }
    }
  }

  function redirected(error: unknown, from: Server): { server: Server; asking: boolean } | undefined {
    const reply = replyIn(error)
    const redirection = reply === undefined ? undefined : parseRedirection(reply, from.host)
    if (!redirection?.asking) refresh()
    const primary = primaries.find(({ server }) => server.address === redirection?.address)
    if (!redirection || !primary) return undefined
    if (!redirection.asking) owners[redirection.slot] = primary.server
    return { server: primary.server, asking: redirection.asking }
  }

  function ownerOf(key: string): Server {
    const owner = owners[slotOf(key)]
    if (owner) return owner
    refresh()
    throw new StoreUnavailable('No server of the cluster is known to have the slot of the key.')
  }

  async function get(key: string): Promise<Buffer | undefined> {
    const server = ownerOf(key)
    try {
      return await server.client.get(key)
    } catch (error) {
      if (!redirected(error, server)) throw error
      return ((await send(key, 'GET', key)) as Buffer | null) ?? undefined
    }
  }

  refresh()
  return {
    send,
    get,
    getMany: (keys) => Promise.all(keys.map((key) => get(key).catch(asUnavailable))),
    getFromReplica(key: string): Promise<Buffer | undefined> | undefined {
      const owner = owners[slotOf(key)]
      return primaries.find(({ server }) => server === owner)?.replicas.get(key)
    },
    /** Those that have slots, as far as is known, in an order that is the same for everybody. */
    primaries: () => primaries,
    refresh,
    /**
     * Rejects where a server that answers sees other servers that have slots. One that was replaced and has not heard of it answers as before,
     * and what is invalidated goes to its heir.
     */
    agree,
    /** Another number: a connection to one of them was lost, or they are others. */
    connection: () => connection,
    breakers: () => [...servers.values()].map(({ breaker }) => breaker),
    close() {
      closed = true
      for (const { client } of servers.values()) client.close()
      for (const { replicas } of primaries) replicas.close()
    },
  } satisfies KeyedClient & Record<string, unknown>
}

/** A client of all servers of a cluster. */
export type ClusterClient = ReturnType<typeof createClusterClient>

function asUnavailable(error: unknown): StoreUnavailable {
  if (error instanceof StoreUnavailable) return error
  throw error
}

const setOf = (primaries: readonly Primary[]) => primaries.map(({ id }) => id).join()

const addressIn = (url: string) => {
  const { hostname, port } = new URL(url)
  return addressOf(hostname.replace(/^\[|\]$/g, ''), port || 6379)
}

const withAddress = (url: string, address: string) => Object.assign(new URL(url), { host: address }).href
