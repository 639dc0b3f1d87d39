import type { Inspector } from './node-inspector.ts'

type Node = {
  id: number
  callFrame: { functionName: string; url: string }
  children?: number[]
}

/** What the inspector says of a stretch of time: the functions by who called them, and which one ran at each moment. */
export type CpuProfile = { nodes: Node[]; samples: number[] }

const sampleMicroseconds = 200

/** Profiles a process while `work` goes on. */
export async function profileDuring(inspector: Inspector, work: () => Promise<void>): Promise<CpuProfile> {
  await inspector.ask('Profiler.enable')
  await inspector.ask('Profiler.setSamplingInterval', { interval: sampleMicroseconds })
  await inspector.ask('Profiler.start')
  await work()
  const { profile } = await inspector.ask<{ profile: CpuProfile }>('Profiler.stop')
  return profile
}

/**
 * The shares of a profile, from 0 to 1, by group, of all samples in which the process did something. A function belongs to its own group, or else
 * to that of the nearest one that called it: what a policy calls belongs to the policy. Shares, and not times: on a busy machine the clock goes
 * on while the process waits for its turn.
 */
export function sharesByGroup(
  { nodes, samples }: CpuProfile,
  groupOf: (frame: Node['callFrame']) => string | undefined,
): Map<string, number> {
  const parents = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)),
  )
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const groups = new Map<Node, string | undefined>()
  const groupOfNode = (node: Node | undefined): string | undefined => {
    if (!node) return undefined
    if (!groups.has(node))
      groups.set(node, groupOf(node.callFrame) ?? groupOfNode(byId.get(parents.get(node.id) ?? -1)))
    return groups.get(node)
  }
  const busy = samples
    .map((id) => byId.get(id))
    .filter((node) => node !== undefined && node.callFrame.functionName !== '(idle)')
  const shares = new Map<string, number>()
  for (const node of busy) {
    const group = groupOfNode(node)
    if (group !== undefined) shares.set(group, (shares.get(group) ?? 0) + 1 / busy.length)
  }
  return shares
}
