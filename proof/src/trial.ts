import { setTimeout as sleep } from 'node:timers/promises'
import { allFaults, type FaultCounts, type Lanes, storm } from './faults/storm.ts'
import { judge, type Verdict } from './history/judge.ts'
import type { Tally } from './service/main.ts'
import type { SubjectName } from './service/subjects.ts'
import type { Topology } from './world/redis-side.ts'
import { createWorld, type World } from './world/world.ts'

/** How to put a cache on trial. */
export type TrialOptions = {
  subject: SubjectName
  topology: Topology
  /** Decides which faults come in which order. */
  seed: number
  seconds: number
  /** What goes wrong. Default: everything. */
  lanes?: Lanes
  /** How many processes. */
  services: number
  /** No read may miss what was committed longer ago, milliseconds. */
  bound: number
  progress?: (message: string) => void
}

/** What came out. */
export type Trial = TrialOptions & { verdict: Verdict; faults: FaultCounts; tally: Tally }

/**
 * Has several processes read and write a few things while faults come over them, and judges all that was read. At the end nobody writes and
 * nothing is wrong, for longer than the bound: what is stuck in the cache is seen then.
 */
export async function tryCache(options: TrialOptions): Promise<Trial> {
  const {
    subject,
    topology,
    seed,
    seconds,
    lanes = allFaults(topology),
    services,
    bound,
    progress = () => {},
  } = options
  const world = await createWorld({ subject, topology, seed, services, bound })
  try {
    progress(`${subject}: ${services} processes, Redis: ${topology}, seed ${seed}`)
    const faults = await storm(world, {
      seed,
      lanes,
      milliseconds: seconds * 1000,
      onFault: (name) => progress(`${subject}: ${name}`),
    })
    for (const service of world.services) service.rest()
    await sleep(bound + 2000)
    const tally = await finish(world)
    const verdict = judge(world.reads(), await world.commits(), bound)
    return { ...options, verdict, faults, tally }
  } finally {
    await world.close()
  }
}

async function finish({ services }: World): Promise<Tally> {
  const tallies = await Promise.all(services.map((service) => service.finish()))
  const sum: Tally = { writes: 0, failedWrites: 0, failedReads: 0, errors: {} }
  for (const tally of tallies) {
    sum.writes += tally.writes
    sum.failedWrites += tally.failedWrites
    sum.failedReads += tally.failedReads
    for (const [name, count] of Object.entries(tally.errors))
      sum.errors[name] = (sum.errors[name] ?? 0) + count
  }
  return sum
}
