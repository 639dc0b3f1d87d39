import { diesBeforeInvalidation } from './faults/of-processes.ts'
import { redisComesBackOld } from './faults/of-redis.ts'
import { allFaults, type FaultCounts, type Lanes } from './faults/storm.ts'
import type { Bucket } from './history/histogram.ts'
import type { Violation } from './history/judge.ts'
import type { Source } from './history/read-log.ts'
import type { SubjectName } from './service/subjects.ts'
import { type Trial, tryCache } from './trial.ts'

/** How long no read of the cache may miss what was committed, milliseconds. */
export const bound = 2000
const services = 3
const controlSeconds = 40

/** What else goes to trial: what must be acquitted all the same, and what must be convicted, or an acquittal would be worth nothing. */
const controls: readonly { subject: SubjectName; guilty: boolean; claim: string; lanes: Lanes }[] = [
  {
    subject: 'without relay',
    guilty: false,
    claim: 'nor where no relay works, so that what is lost stays lost',
    lanes: allFaults,
  },
  {
    subject: 'without relay and watermark',
    guilty: true,
    claim: 'the harness finds out if the cache does not ask whether an invalidation is late',
    lanes: [[diesBeforeInvalidation]],
  },
  {
    subject: 'without new beginning',
    guilty: true,
    claim: 'the harness finds out if the cache believes a Redis that came back with old data',
    lanes: [[redisComesBackOld]],
  },
  {
    subject: 'naive',
    guilty: true,
    claim: 'the harness finds the faults of a naive cache under the same seed',
    lanes: allFaults,
  },
]

/** What one trial says, in figures. Times in milliseconds. */
export type TrialFigures = {
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

/** The whole proof. */
export type Proof = {
  figures: { storm: TrialFigures; controls: Record<string, TrialFigures> }
  worst: Violation[]
  /** Each claim, and whether it holds. */
  claims: { claim: string; holds: boolean }[]
}

/** Runs everything, and tells what is under way. */
export async function prove(options: {
  seed: number
  seconds: number
  progress: (message: string) => void
}): Promise<Proof> {
  const trial = { ...options, services, bound }
  const storm = await tryCache({ ...trial, subject: 'cache-aside' })
  const judged: { claim: string; control: Trial; holds: boolean }[] = []
  for (const { subject, guilty, claim, lanes } of controls) {
    const control = await tryCache({ ...trial, subject, lanes, seconds: controlSeconds })
    judged.push({ claim, control, holds: control.verdict.violations > 0 === guilty })
  }
  return {
    figures: {
      storm: figuresOf(storm),
      controls: Object.fromEntries(judged.map(({ control }) => [control.subject, figuresOf(control)])),
    },
    worst: storm.verdict.worst,
    claims: [
      {
        claim: `no read is older than ${bound} ms, whatever fails`,
        holds: storm.verdict.violations === 0,
      },
      ...judged.map(({ claim, holds }) => ({ claim, holds })),
    ],
  }
}

function figuresOf({
  seed,
  seconds,
  services: processes,
  bound: boundMilliseconds,
  ...trial
}: Trial): TrialFigures {
  const { tally, faults, verdict } = trial
  const { writes, failedReads, failedWrites } = tally
  const { reads, staleReads, violations, bySource } = verdict
  const { largestStaleness: largestStalenessMilliseconds } = verdict
  return {
    ...{ seed, seconds, processes, reads, writes, failedReads, failedWrites, faults },
    ...{ boundMilliseconds, largestStalenessMilliseconds, staleReads, violations, bySource },
    histogram: verdict.histogram.buckets(),
  }
}
