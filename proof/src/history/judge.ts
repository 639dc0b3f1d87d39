import { createHistogram, type Histogram } from './histogram.ts'
import type { Read, Source } from './read-log.ts'

/** When each version of each thing was committed, by the host's monotonic clock: versions count from 1, without a gap. */
export type Commits = ReadonlyMap<number, readonly number[]>

/** A read that must not be. */
export type Violation = Read & {
  fault: 'too old' | 'never committed'
  /** How long before the read began the next version was committed, milliseconds. */
  staleness: number
}

/** What a history says. */
export type Verdict = {
  reads: number
  /** Reads that began after a newer version was committed. */
  staleReads: number
  /** Milliseconds. */
  largestStaleness: number
  violations: number
  /** The worst of them. */
  worst: Violation[]
  histogram: Histogram
  /** How many reads each source answered. */
  bySource: Record<Source, number>
}

const mostWorst = 20
/** PostgreSQL stamps a commit just before others can see it, and its clock is compared with the host's over a socket. */
const clockTolerance = 5

/**
 * Decides every read: it may miss what was committed less than `bound` milliseconds before it began, and nothing else. A value that no
 * transaction had committed when the read ended is a violation of its own.
 */
export function judge(reads: Iterable<Read>, commits: Commits, bound: number): Verdict {
  const histogram = createHistogram()
  const verdict: Verdict = {
    reads: 0,
    staleReads: 0,
    largestStaleness: 0,
    violations: 0,
    worst: [],
    histogram,
    bySource: { unknown: 0, l1: 0, redis: 0, database: 0, joined: 0 },
  }
  const accuse = (violation: Violation) => {
    verdict.violations++
    verdict.worst.push(violation)
    if (verdict.worst.length > 2 * mostWorst) keepWorst(verdict)
  }
  for (const read of reads) {
    verdict.reads++
    verdict.bySource[read.source]++
    const ofThing = commits.get(read.thing) ?? []
    const committedAt = ofThing[read.version - 1]
    if (committedAt === undefined || committedAt > read.endedAt + clockTolerance) {
      accuse({ ...read, fault: 'never committed', staleness: 0 })
      continue
    }
    const replacedAt = ofThing[read.version] ?? Number.POSITIVE_INFINITY
    const staleness = Math.max(0, read.startedAt - replacedAt)
    histogram.add(staleness)
    if (staleness === 0) continue
    verdict.staleReads++
    verdict.largestStaleness = Math.max(verdict.largestStaleness, staleness)
    if (staleness > bound) accuse({ ...read, fault: 'too old', staleness })
  }
  keepWorst(verdict)
  return verdict
}

function keepWorst(verdict: Verdict): void {
  verdict.worst.sort((one, other) => other.staleness - one.staleness)
  verdict.worst.length = Math.min(verdict.worst.length, mostWorst)
}
