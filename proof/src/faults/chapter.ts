import type { Chapter } from '../chapter.ts'
import type { Bucket } from '../history/histogram.ts'
import type { Source } from '../history/read-log.ts'
import { textPicture } from '../report/picture.ts'
import type { SubjectName } from '../service/subjects.ts'
import { type Trial, type TrialOptions, tryCache } from '../trial.ts'
import type { Topology } from '../world/redis-side.ts'
import { clusterFailover } from './of-clusters.ts'
import { failover } from './of-pairs.ts'
import { diesBeforeInvalidation } from './of-processes.ts'
import { redisComesBackOld } from './of-redis.ts'
import type { FaultCounts, Lanes } from './storm.ts'

/** How long no read of the cache may miss what was committed, milliseconds. */
const bound = 2000
const services = 3
const controlSeconds = 40

/** A cache that goes to trial. */
type Case = {
  name: string
  subject: SubjectName
  topology: Topology
  /** What is wrong with it must be found, or an acquittal would be worth nothing. */
  guilty: boolean
  claim: string
  lanes?: Lanes
}

const cases: readonly Case[] = [
  {
    name: 'the cache, with one Redis',
    subject: 'cache-aside',
    topology: 'one',
    guilty: false,
    claim: `no read is older than ${bound} ms, whatever fails`,
  },
  {
    name: 'the cache, with a replica that takes over',
    subject: 'cache-aside',
    topology: 'replica',
    guilty: false,
    claim: `nor where a replica takes over that lost what was acknowledged`,
  },
  {
    name: 'the cache, on Redis Cluster',
    subject: 'cache-aside',
    topology: 'cluster',
    guilty: false,
    claim: 'nor on Redis Cluster, where slots move and primaries fail over one by one',
  },
  {
    name: 'control: without relay',
    subject: 'without relay',
    topology: 'replica',
    guilty: false,
    claim: 'nor where no relay works, so that what is lost stays lost',
  },
  {
    name: 'control: without relay and watermark',
    subject: 'without relay and watermark',
    topology: 'one',
    guilty: true,
    claim: 'the harness finds out if the cache does not ask whether an invalidation is late',
    lanes: [[diesBeforeInvalidation]],
  },
  {
    name: 'control: without new beginning',
    subject: 'without new beginning',
    topology: 'one',
    guilty: true,
    claim: 'the harness finds out if the cache believes a Redis that came back with old data',
    lanes: [[redisComesBackOld]],
  },
  {
    name: 'control: without new beginning, after a failover',
    subject: 'without new beginning',
    topology: 'replica',
    guilty: true,
    claim: 'the harness finds out if the cache believes a replica that took over',
    lanes: [[failover]],
  },
  {
    name: 'control: without new beginning, after a failover in Redis Cluster',
    subject: 'without new beginning',
    topology: 'cluster',
    guilty: true,
    claim: 'the harness finds out if the cache believes a primary of a cluster that took over',
    lanes: [[clusterFailover]],
  },
  {
    name: 'control: naive',
    subject: 'naive',
    topology: 'replica',
    guilty: true,
    claim: 'the harness finds the faults of a naive cache under the same seed',
  },
  {
    name: 'control: naive, on Redis Cluster',
    subject: 'naive',
    topology: 'cluster',
    guilty: true,
    claim: 'the harness finds the faults of a naive cache on Redis Cluster too',
  },
]

/** What one trial says, in figures. Times in milliseconds. */
export type TrialFigures = {
  topology: Topology
  seed: number
  seconds: number
  processes: number
  reads: number
  writes: number
  failedReads: number
  failedWrites: number
  faults: FaultCounts
  boundMilliseconds: number
  largestStalenessMilliseconds: number
  staleReads: number
  violations: number
  bySource: Record<Source, number>
  histogram: Bucket[]
}

/** Puts the cache on trial under faults, and others that are known to be wrong; `seconds`: for each trial of the cache. */
export async function trials(options: {
  seed: number
  seconds: number
  progress: TrialOptions['progress']
}): Promise<Chapter<Record<string, TrialFigures>>> {
  const judged: { one: Case; trial: Trial }[] = []
  for (const one of cases) {
    const { subject, topology, lanes } = one
    const seconds = subject === 'cache-aside' ? options.seconds : Math.min(controlSeconds, options.seconds)
    const trial = await tryCache({
      ...{ ...options, services, bound, subject, topology, seconds },
      ...(lanes && { lanes }),
    })
    judged.push({ one, trial })
  }
  return {
    figures: Object.fromEntries(judged.map(({ one, trial }) => [one.name, figuresOf(trial)])),
    claims: judged.map(({ one: { claim, guilty }, trial }) => ({
      claim,
      holds: trial.verdict.violations > 0 === guilty,
    })),
    text: judged.map(({ one, trial }) => textOf(one, trial)).join('\n\n'),
  }
}

function figuresOf({ seed, seconds, topology, services: processes, ...trial }: Trial): TrialFigures {
  const { tally, faults, verdict } = trial
  const { writes, failedReads, failedWrites } = tally
  const { reads, staleReads, violations, bySource } = verdict
  const { largestStaleness: largestStalenessMilliseconds } = verdict
  return {
    ...{ topology, seed, seconds, processes, reads, writes, failedReads, failedWrites, faults },
    ...{ boundMilliseconds: trial.bound, largestStalenessMilliseconds, staleReads, violations, bySource },
    histogram: verdict.histogram.buckets(),
  }
}

const number = (value: number) => Math.round(value).toLocaleString('en')

const share = ({ bySource, reads }: TrialFigures, source: Source) =>
  `${Math.round((100 * bySource[source]) / Math.max(1, reads))} %`

function textOf({ name, guilty }: Case, trial: Trial): string {
  const figures = figuresOf(trial)
  const faults = Object.entries(figures.faults).sort(([one], [other]) => one.localeCompare(other))
  const sum = faults.reduce((total, [, count]) => total + count, 0)
  return `## ${name[0]?.toUpperCase()}${name.slice(1)}

${number(figures.reads)} reads and ${number(figures.writes)} writes by ${figures.processes} processes, ${sum} faults of ${faults.length} kinds in ${figures.seconds} s (seed ${figures.seed}).
Largest staleness ${number(figures.largestStalenessMilliseconds)} ms, bound ${number(figures.boundMilliseconds)} ms: ${number(figures.violations)} violations.
Answered by the process's own level: ${share(figures, 'l1')}, by Redis: ${share(figures, 'redis')}, by PostgreSQL: ${share(figures, 'database')}, by another's load: ${share(figures, 'joined')}.
${number(figures.failedReads)} reads and ${number(figures.failedWrites)} writes failed, while PostgreSQL was out of reach for their process.
${guilty ? '' : worstOf(trial)}
How long ago a newer version had been committed when a read began (logarithmic):

${textPicture(figures.histogram)}

${faults.map(([fault, count]) => `  ${String(count).padStart(4)} × ${fault}`).join('\n')}`
}

/** Violations of a cache that should have none. */
function worstOf({ verdict }: Trial): string {
  const lines = verdict.worst.map(
    ({ process, thing, version, source, fault, staleness }) =>
      `  process ${process} read version ${version} of thing ${thing} from ${source}: ${fault}, by ${number(staleness)} ms`,
  )
  return lines.length === 0 ? '' : `The worst violations:\n${lines.join('\n')}\n`
}
