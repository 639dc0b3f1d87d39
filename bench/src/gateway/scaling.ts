import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { pin } from '#src/measure/pinned.ts'
import { cpuSecondsOf } from '#src/measure/process-usage.ts'
import type { Table } from '#src/report.ts'
import type { LoadResult } from './load-result.ts'
import { get } from './requests.ts'
import { inTurns, type Plan, paired, type Target } from './rounds.ts'
import type { Subject, Surroundings } from './subject.ts'
import { type GatewayParts, gateway } from './subjects/gateway.ts'
import { figuresOf, shown } from './tables.ts'

const plan: Plan = { rounds: 3, seconds: 2 }

type Workers = { workers: { pid: number }[] }

/** What is started for the measurement, and which of its processes serve. */
type Scaled = { target: Target; pids: readonly number[] }

/**
 * The gateway with more and more workers, each on a core of its own as long as there are cores. The load and the upstream share these: on two
 * cores the second worker gets what they leave.
 */
export async function measureScaling(
  surroundings: Surroundings,
  parts: GatewayParts,
  { authorization, opened }: { authorization: string; opened: AsyncDisposableStack },
): Promise<Table> {
  const cores = availableParallelism()
  const counts = [1, 2, 4, 8, 16].filter((count) => count <= cores)
  const scaled: Scaled[] = []
  for (const count of counts) {
    const folder = join(surroundings.folder, `workers-${count}`)
    await mkdir(folder, { recursive: true })
    const subject = await gateway({ ...surroundings, folder }, { ...parts, workers: count })
    opened.defer(subject.stop)
    scaled.push(await spread({ ...subject, name: nameOf(count) }, subject.adminUrl, count, authorization))
  }
  const shares = new Map(scaled.map((one) => [one.target.name, new Shares(one.pids)]))
  const targets = scaled.map(({ target }) => ({
    ...target,
    load: (seconds: number) =>
      shares.get(target.name)?.during(() => target.load(seconds)) ?? target.load(seconds),
  }))
  const title = `Workers on ${cores} cores, GET 200 B, 64 connections, all policies`
  const rounds = await inTurns(title, targets, plan)
  const times = (name: string) => paired(rounds, name, nameOf(1), (one, two) => rateOf(one) / rateOf(two))
  return {
    title,
    rows: scaled.map(({ target: { name } }) => ({
      workers: name,
      ...figuresOf(rounds.get(name) ?? []),
      '× one': shown(times(name)),
      'least … most of the work': shares.get(name)?.text ?? '',
    })),
  }
}

const nameOf = (count: number) => `${count} ${count === 1 ? 'worker' : 'workers'}`

const rateOf = ({ requests, seconds }: LoadResult) => requests / seconds

/** Puts each worker on a core. */
async function spread(
  subject: Subject,
  adminUrl: string,
  count: number,
  authorization: string,
): Promise<Scaled> {
  const pids = count === 1 ? [subject.pid] : await workersAt(adminUrl)
  for (const [index, pid] of pids.entries()) pin(pid, index % availableParallelism())
  const target = get('200 B')(subject, authorization) as Target
  return { target: { ...target, furtherPids: pids.filter((pid) => pid !== subject.pid) }, pids }
}

async function workersAt(adminUrl: string): Promise<number[]> {
  const { workers } = (await (await fetch(`${adminUrl}/workers`)).json()) as Workers
  return workers.map(({ pid }) => pid)
}

/** How evenly the kernel deals connections out, by the CPU time of each worker. */
class Shares {
  readonly #pids: readonly number[]
  #least = 1
  #most = 0

  constructor(pids: readonly number[]) {
    this.#pids = pids
  }

  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    const before = this.#pids.map(cpuSecondsOf)
    const result = await work()
    const used = this.#pids.map((pid, index) => cpuSecondsOf(pid) - (before[index] as number))
    const total = used.reduce((sum, seconds) => sum + seconds, 0)
    this.#least = Math.min(this.#least, ...used.map((seconds) => seconds / total))
    this.#most = Math.max(this.#most, ...used.map((seconds) => seconds / total))
    return result
  }

  get text(): string {
    return `${Math.round(this.#least * 100)} … ${Math.round(this.#most * 100)} %`
  }
}
