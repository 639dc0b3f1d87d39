import { StoreUnavailable, type StoreWatch, type StoreWatcher } from '../../cache-store.ts'
import { replyIn } from '../key-commands.ts'
import { trackPrefix } from '../tracking.ts'
import type { ClusterClient, Primary } from './cluster-client.ts'

/** A watch whose servers change. */
export type ClusterWatch = StoreWatch & { watcher: StoreWatcher; serversChanged(): void }

/**
 * Watches a prefix on all servers that have slots: a change is told by the server that has its key, which is known to nobody beforehand. So
 * it is live while all of them are, and whatever happens to the watch over one begins a new epoch for all. A key that moves is deleted
 * where it was, and that is told like any other change.
 */
export function watchCluster(cluster: ClusterClient, prefix: string, watcher: StoreWatcher): ClusterWatch {
  let watches = new Map<string, StoreWatch>()
  let closed = false

  function watch({ server, id, ownTag }: Primary): [string, StoreWatch] {
    const known = watches.get(id)
    if (known) return [id, known]
    // Its own slot, asked for at itself: it answers only as long as it has it, and the cluster is well.
    const serves = () => server.client.send('EXISTS', `{${ownTag}}`).catch(unlessMoving)
    return [id, trackPrefix({ url: server.url, prefix, watcher, serves })]
  }

  /** A server that is giving the slot away has it still. */
  function unlessMoving(error: unknown): void {
    if (replyIn(error)?.startsWith('ASK ')) return
    cluster.refresh()
    throw error
  }

  function serversChanged(): void {
    if (closed) return
    const before = watches
    watches = new Map(cluster.primaries().map(watch))
    for (const [id, gone] of before) if (!watches.has(id)) gone.close()
    watcher.reset()
  }

  serversChanged()
  return {
    watcher,
    serversChanged,
    get live() {
      if (watches.size === 0) return false
      for (const watch of watches.values()) if (!watch.live) return false
      return true
    },
    async barrier() {
      const now = watches
      if (now.size === 0) throw new StoreUnavailable('No server of the cluster is known.')
      await Promise.all([...now.values()].map((watch) => watch.barrier()))
      if (now !== watches) throw new StoreUnavailable('The servers of the cluster have changed.')
    },
    close() {
      closed = true
      for (const watch of watches.values()) watch.close()
    },
  }
}
