import { cpuSecondsOf } from '#src/measure/process-usage.ts'
import { median } from '#src/measure/statistics.ts'
import { progress, rounded } from '#src/report.ts'
import type { LoadResult } from './load-result.ts'

/** A process, and the load that it is put under. */
export type Target = {
  name: string
  pid: number
  /** Further processes whose CPU time counts. */
  furtherPids?: readonly number[]
  load(seconds: number): Promise<LoadResult>
}

/** One run. */
export type Round = LoadResult & {
  /** CPU time of the process, µs a request. */
  cpu: number
}

/** The rounds of each target by its name: those of the same number followed each other. */
export type Rounds = ReadonlyMap<string, readonly Round[]>

/** How many rounds, and how long each is: whole seconds. */
export type Plan = { rounds: number; seconds: number }

const warmUpSeconds = 1

/** Puts each target under load, warm-up first and then in rounds, each of which has another order. */
export async function inTurns(
  title: string,
  targets: readonly Target[],
  { rounds, seconds }: Plan,
): Promise<Rounds> {
  const done = new Map<string, Round[]>(targets.map(({ name }) => [name, []]))
  for (const target of targets) await runOnce(target, warmUpSeconds)
  for (let number = 1; number <= rounds; number++) {
    for (const target of shuffled(targets)) done.get(target.name)?.push(await runOnce(target, seconds))
    const cpus = [...done].map(([name, list]) => `${name} ${rounded((list.at(-1) as Round).cpu)}`)
    progress(`${title}, round ${number} of ${rounds}, CPU µs: ${cpus.join(', ')}`)
  }
  return done
}

async function runOnce({ pid, furtherPids = [], load }: Target, seconds: number): Promise<Round> {
  const cpuSeconds = () => [pid, ...furtherPids].reduce((sum, one) => sum + cpuSecondsOf(one), 0)
  const before = cpuSeconds()
  const result = await load(seconds)
  return { ...result, cpu: ((cpuSeconds() - before) * 1e6) / result.requests }
}

function shuffled<Value>(values: readonly Value[]): Value[] {
  return values
    .map((value) => ({ value, place: Math.random() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ value }) => value)
}

/** What went wrong in all rounds of a target: a row with errors is none. */
export const errorsOf = (rounds: readonly Round[]) => rounds.reduce((sum, { errors }) => sum + errors, 0)

/** The middle of what each pair of rounds says; NaN where one of both has errors, or is not there. */
export function paired(
  rounds: Rounds,
  name: string,
  other: string,
  compare: (one: Round, other: Round) => number,
): number {
  const [ours, theirs] = [rounds.get(name) ?? [], rounds.get(other) ?? []]
  if (errorsOf(ours) + errorsOf(theirs) > 0) return Number.NaN
  return median(ours.map((round, number) => compare(round, theirs[number] as Round)))
}

/** CPU time as a multiple of the other's. */
export const cpuRatio = (rounds: Rounds, name: string, other: string) =>
  paired(rounds, name, other, (one, two) => one.cpu / two.cpu)
