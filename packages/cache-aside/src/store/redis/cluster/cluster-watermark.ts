import { createHash } from 'node:crypto'
import { StoreUnavailable, type Watermark } from '../../cache-store.ts'
import { moveWatermark, readWatermark } from '../server.ts'
import type { ClusterClient, Primary } from './cluster-client.ts'

/** What each server said. */
type Reading = { primary: Primary; key: string; seen: Watermark; replicasAt: number | undefined }

const readings = new WeakMap<Watermark, readonly Reading[]>()

/**
 * Each server that has slots has a watermark of its own, under a key of its own, because each loses what it has acknowledged by itself: by a
 * restart, a failover, FLUSHALL. The cluster is as far as the one that is farthest behind, each by its own clock; where one says nothing,
 * nothing is known; and another set of servers is another run.
 */
export async function readClusterWatermark(cluster: ClusterClient, key: string): Promise<Watermark> {
  const read = await Promise.all(
    cluster.primaries().map(async (primary): Promise<Reading> => {
      const mine = `${key}:{${primary.ownTag}}`
      // Of this server and of no other: one that has given its slot away says so by an error.
      const seen = await readWatermark(primary.server.client, mine)
      return { primary, key: mine, seen, replicasAt: await primary.replicas.certify(mine, seen) }
    }),
  ).catch((error) => {
    cluster.refresh()
    throw error
  })
  // A server without one may be about to hear of another: the namespace is not begun anew for it before they agree.
  if (read.some(({ seen }) => seen.at === undefined)) await cluster.agree()
  const first = read[0]
  if (!first) throw new StoreUnavailable('No server of the cluster is known.')
  const lags = read.map(({ seen: { now, at } }) => now - (at ?? Number.NEGATIVE_INFINITY))
  const lag = Math.max(...lags)
  const { now } = first.seen
  const replicaLags = read.flatMap(({ seen: mine, replicasAt }) =>
    replicasAt === undefined ? [] : [mine.now - replicasAt],
  )
  const seen: Watermark = {
    run: runOf(read),
    now,
    at: lag === Number.POSITIVE_INFINITY ? undefined : now - lag,
  }
  // A primary that has none to be asked takes nothing from the others: its keys are asked for at itself.
  if (replicaLags.length > 0) seen.replicasAt = now - Math.max(...replicaLags)
  readings.set(seen, read)
  return seen
}

/**
 * Each in its own time, by as much as `at` is before what was seen; but only where all servers agree on who has slots. They are asked after the
 * outbox was: what is delivered by then went to those that the watermark is moved on, and not to an heir that one of them has not heard of.
 */
export async function moveClusterWatermark(
  cluster: ClusterClient,
  seen: Watermark,
  at: number,
): Promise<boolean> {
  const read = readings.get(seen)
  const primaries = cluster.primaries()
  if (read?.map(({ primary }) => primary.id).join() !== primaries.map(({ id }) => id).join()) return false
  await cluster.agree()
  const lag = seen.now - at
  const moved = await Promise.all(
    read.map(({ key, seen: mine }, index) => {
      const { server } = primaries[index] as Primary
      return moveWatermark(server.client, key, mine, mine.now - lag)
    }),
  )
  return moved.every(Boolean)
}

const runOf = (read: readonly Reading[]) =>
  createHash('sha256')
    .update(read.map(({ seen }) => seen.run).join())
    .digest('hex')
