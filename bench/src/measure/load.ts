import { cpuSecondsOf } from './process-usage.ts'
import { median, quantile } from './statistics.ts'

/** One thing to ask of a server again and again. Workers run at the same time, each one operation after the other. */
export type Operation = (worker: number) => Promise<void>

/** What one round of load has shown. */
export type Round = {
  operations: number
  seconds: number
  /** Of the server's process. */
  cpuSeconds: number
  /** Of each operation. */
  milliseconds: number[]
}

/** When a round ends. */
export type Until = { seconds: number } | { operations: number }

/** Lets `workers` repeat an operation. */
export async function loadRound(
  operation: Operation,
  { workers, pid, until }: { workers: number; pid: number; until: Until },
): Promise<Round> {
  const milliseconds: number[] = []
  const startedAt = performance.now()
  const cpuBefore = cpuSecondsOf(pid)
  let begun = 0
  const goesOn = () =>
    'seconds' in until ? performance.now() - startedAt < until.seconds * 1000 : begun < until.operations
  const work = async (worker: number) => {
    while (goesOn()) {
      begun++
      const beganAt = performance.now()
      await operation(worker)
      milliseconds.push(performance.now() - beganAt)
    }
  }
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)))
  const seconds = (performance.now() - startedAt) / 1000
  return { operations: milliseconds.length, seconds, cpuSeconds: cpuSecondsOf(pid) - cpuBefore, milliseconds }
}

/** What several rounds of the same come to: medians over the rounds; latencies over all operations. */
export type Figures = {
  perSecond: number
  /** Operations for each second of CPU time of the server. */
  perCpuSecond: number
  cpuMilliseconds: number
  p50: number
  p99: number
}

/** Sums rounds up. */
export function figuresOf(rounds: readonly Round[]): Figures {
  const latencies = rounds.flatMap(({ milliseconds }) => milliseconds)
  const perCpuSecond = median(rounds.map(({ operations, cpuSeconds }) => operations / cpuSeconds))
  return {
    perSecond: median(rounds.map(perSecondOf)),
    perCpuSecond,
    cpuMilliseconds: 1000 / perCpuSecond,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  }
}

/** The rate of one round. */
export const perSecondOf = ({ operations, seconds }: Round) => operations / seconds
