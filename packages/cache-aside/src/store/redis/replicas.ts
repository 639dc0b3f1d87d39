import type { Clock } from '../../ports.ts'
import { createBreaker } from '../breaker.ts'
import type { Watermark } from '../cache-store.ts'
import { createRedisClient, type RedisClient } from './client.ts'

/** One that is farther behind the best of them is not asked, or it would take the trust from all. */
const mostBehindMilliseconds = 1000

/** The replicas of one primary. */
export type Replicas = {
  /**
   * Finds out which of them may be asked for keys of this watermark's namespace, and how far these are: replication keeps the order, so who
   * has the watermark has all that was invalidated before it. `undefined`: none.
   */
  certify(key: string, seen: Watermark): Promise<number | undefined>
  /** From one after the other of those that may be asked. */
  get(key: string): Promise<Buffer | undefined> | undefined
  close(): void
}

/** Connects to them. */
export function createReplicas(options: {
  urls: readonly string[]
  deadlineMilliseconds: number
  clock: Clock
  /** Whether they are of a cluster. */
  ofCluster?: boolean
}): Replicas {
  const { urls, deadlineMilliseconds, clock, ofCluster = false } = options
  /** By namespace. A replica whose connection is lost is not asked before it is certified again. */
  const certified = new Map<string, RedisClient[]>()
  let turn = 0

  const clients = urls.map((url) => {
    const client: RedisClient = createRedisClient({
      ...{ url, deadlineMilliseconds, breaker: createBreaker(clock) },
      ...(ofCluster && { readOnly: true, keysPerRead: 1 }),
      lost() {
        for (const [namespace, those] of certified) {
          certified.set(
            namespace,
            those.filter((each) => each !== client),
          )
        }
      },
    })
    return client
  })

  /** How far one is; `undefined`: it does not answer, or has no watermark of this run. */
  async function reach(client: RedisClient, key: string, run: string): Promise<number | undefined> {
    const bytes = await client.get(key).catch(() => undefined)
    const [stood, at] = String(bytes).split(':')
    return stood === run && at !== undefined ? Number(at) : undefined
  }

  return {
    async certify(key, { run }) {
      const reached = await Promise.all(clients.map((client) => reach(client, key, run)))
      const best = Math.max(...reached.map((at) => at ?? Number.NEGATIVE_INFINITY))
      const near = clients.filter(
        (_, index) => (reached[index] ?? Number.NEGATIVE_INFINITY) > best - mostBehindMilliseconds,
      )
      certified.set(namespaceOf(key), near)
      return near.length === 0
        ? undefined
        : Math.min(...near.map((client) => reached[clients.indexOf(client)] as number))
    },
    get(key) {
      const those = certified.get(namespaceOf(key))
      return those?.[turn++ % those.length]?.get(key)
    },
    close() {
      for (const client of clients) client.close()
    },
  }
}

const namespaceOf = (key: string) => key.slice(0, key.indexOf(':'))
