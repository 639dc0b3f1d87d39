import { type FaultProxy, faultProxy } from '@alicerce/testing'
import type { Topology } from './redis-side.ts'

/** A link, or several that are hurt together. */
export type Link = Pick<FaultProxy, 'cut' | 'freeze' | 'delay' | 'resume'>

/**
 * The links of one process to all servers of Redis. Servers of a cluster tell it each other's ports, so it has a loopback address of its
 * own, where its links listen on these ports.
 */
export const linksToRedis = (
  topology: Topology,
  urls: readonly string[],
  processNumber: number,
): Promise<FaultProxy[]> =>
  Promise.all(
    urls.map((target) =>
      faultProxy({ target, ...(topology === 'cluster' && { host: `127.0.0.${processNumber + 2}` }) }),
    ),
  )

/** All of them as one. */
export function together(links: readonly Link[]): Link {
  const each = (act: (link: Link) => void) => {
    for (const link of links) act(link)
  }
  return {
    cut: () => each((link) => link.cut()),
    freeze: () => each((link) => link.freeze()),
    delay: (milliseconds) => each((link) => link.delay(milliseconds)),
    resume: () => each((link) => link.resume()),
  }
}
