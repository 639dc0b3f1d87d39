import type { Server } from './cluster-client.ts'
import { parseSlots, type Shard } from './topology.ts'

/** Who has which slots, as one server sees it. A cluster has no truth but what its servers agree on. */
export type View = readonly Shard[]

/** The views of those that answer and know anything. */
export async function viewsOf(servers: readonly Server[]): Promise<View[]> {
  const replies = await Promise.all(
    servers.map(async ({ client, host }) => {
      const reply = await client.send('CLUSTER', 'SLOTS').catch(() => undefined)
      return reply === undefined ? [] : parseSlots(reply, host)
    }),
  )
  return replies.filter((view) => view.length > 0)
}

/** The view of most; of several such the first: a server that is cut off from the rest, or was replaced and has not heard of it, is alone with its own. */
export function mostCommon(views: readonly View[]): View | undefined {
  const counts = new Map<string, number>()
  for (const view of views) counts.set(textOf(view), (counts.get(textOf(view)) ?? 0) + 1)
  const most = Math.max(...counts.values())
  return views.find((view) => counts.get(textOf(view)) === most)
}

const textOf = (view: View) =>
  view.map(({ name, address, ranges }) => `${name}@${address}:${ranges.join(' ')}`).join()

/** Whether the same servers have slots in both. */
export const haveSameServers = (one: View, other: View): boolean => namesIn(one) === namesIn(other)

const namesIn = (view: View) => view.map(({ name }) => name).join()
