import type { FaultCounts } from './faults/storm.ts'
import type { Bucket } from './history/histogram.ts'
import type { Violation } from './history/judge.ts'
import { type Trial, tryCache } from './trial.ts'

/** How long no read of the cache may miss what was committed, milliseconds. */
export const bound = 5000
const services = 3

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
  histogram: Bucket[]
}

/** The whole proof. */
export type Proof = {
  figures: { storm: TrialFigures; control: TrialFigures }
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
  const control = await tryCache({ ...trial, subject: 'naive', seconds: Math.min(options.seconds, 30) })
  return {
    figures: { storm: figuresOf(storm), control: figuresOf(control) },
    worst: storm.verdict.worst,
    claims: [
      {
        claim: `no read is older than ${bound} ms, whatever fails`,
        holds: storm.verdict.violations === 0,
      },
      {
        claim: 'the harness finds the faults of a naive cache under the same seed',
        holds: control.verdict.violations > 0,
      },
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
  const { reads, staleReads, violations, largestStaleness: largestStalenessMilliseconds } = verdict
  return {
    ...{ seed, seconds, processes, reads, writes, failedReads, failedWrites, faults },
    ...{ boundMilliseconds, largestStalenessMilliseconds, staleReads, violations },
    histogram: verdict.histogram.buckets(),
  }
}
