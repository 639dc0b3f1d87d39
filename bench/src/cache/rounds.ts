import { setTimeout as sleep } from 'node:timers/promises'
import { median, quantile } from '#src/measure/statistics.ts'

/** One thing to ask of a cache in this process; `number` counts the calls of a round from 0. */
export type Call = (number: number) => Promise<unknown>

/** What the rounds of one subject come to: medians over rounds; p50 and p99 over all calls, microseconds. */
export type CallFigures = { perSecond: number; cpuMicroseconds: number; p50: number; p99: number }

type Round = { perSecond: number; cpuMicroseconds: number; microseconds: number[] }

/** How much of it, and how. */
export type RoundPlan = {
  calls: number
  /** How many are under way at once. */
  concurrency: number
  rounds: number
  /** Calls that are timed together, where one is too short for the clock. */
  timedTogether: number
}

/** Runs the same call on every subject in turns, so that what else the machine does falls on all of them. The first two rounds of each warm up. */
export async function inTurns(
  calls: ReadonlyMap<string, Call>,
  plan: RoundPlan,
): Promise<Map<string, CallFigures>> {
  const rounds = new Map<string, Round[]>([...calls.keys()].map((name) => [name, []]))
  for (let round = -2; round < plan.rounds; round++) {
    for (const [name, call] of calls) {
      // Reads from memory leave the event loop no turn, and a cache that hears nothing for seconds rightly trusts its memory no more.
      await sleep(20)
      const result = await runRound(call, plan)
      if (round >= 0) rounds.get(name)?.push(result)
    }
  }
  return new Map([...rounds].map(([name, results]) => [name, figuresOf(results)]))
}

async function runRound(call: Call, { calls, concurrency, timedTogether }: RoundPlan): Promise<Round> {
  const microseconds: number[] = []
  let next = 0
  async function work(): Promise<void> {
    while (next < calls) {
      const beganAt = performance.now()
      let timed = 0
      for (; timed < timedTogether && next < calls; timed++) await call(next++)
      microseconds.push(((performance.now() - beganAt) * 1000) / timed)
    }
  }
  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: concurrency }, work))
  const seconds = (performance.now() - startedAt) / 1000
  const cpu = process.cpuUsage(cpuBefore)
  return { perSecond: calls / seconds, cpuMicroseconds: (cpu.user + cpu.system) / calls, microseconds }
}

function figuresOf(rounds: readonly Round[]): CallFigures {
  const all = rounds.flatMap(({ microseconds }) => microseconds)
  return {
    perSecond: median(rounds.map(({ perSecond }) => perSecond)),
    cpuMicroseconds: median(rounds.map(({ cpuMicroseconds }) => cpuMicroseconds)),
    p50: quantile(all, 0.5),
    p99: quantile(all, 0.99),
  }
}
