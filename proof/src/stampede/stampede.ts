import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createTestDatabase, createTestRedis } from '@alicerce/testing'
import { bounded } from '../bounded.ts'
import { hostNow } from '../host-clock.ts'
import type { CallerAnswer, CallerOptions, CallerOrder } from './caller.ts'
import { countLoads, type LoadCount, migrations } from './loads.ts'
import { briefTtl, type Scenario, scenarios } from './scenarios.ts'

const script = join(import.meta.dirname, 'caller.ts')
const patience = 60_000
/** From the order to the moment at which all ask: it must have reached everybody. */
const headStart = 100

/** What came of one scenario, in all its rounds. */
export type StampedeFigures = Scenario &
  LoadCount & {
    processes: number
    callers: number
    rounds: number
    answeredReads: number
    failedReads: number
    slowestMilliseconds: number
  }

/** How to let callers stampede. */
export type StampedeOptions = {
  subject: CallerOptions['subject']
  processes: number
  /** Of each process. */
  callers: number
  rounds: number
  only?: (scenario: Scenario) => boolean
  progress?: (message: string) => void
}

/** Lets all callers of all processes ask for one key at once, in every scenario, and has PostgreSQL count the loads. */
export async function stampede(options: StampedeOptions): Promise<StampedeFigures[]> {
  const { subject, processes, callers, rounds, only = () => true, progress = () => {} } = options
  const [database, redis] = await Promise.all([createTestDatabase({ migrations }), createTestRedis()])
  const given: CallerOptions = { subject, redisUrl: redis.url, databaseUrl: database.url }
  const children = Array.from({ length: processes }, () =>
    fork(script, [JSON.stringify(given)], { env: { PATH: process.env.PATH } }),
  )
  try {
    await Promise.all(children.map((child) => answerOf(child, 'to be ready')))
    const found: StampedeFigures[] = []
    for (const scenario of scenarios.filter(only)) {
      progress(`stampede on ${subject}: a key that is ${scenario.standing}, a ${scenario.loader} loader`)
      const keys = Array.from({ length: rounds }, (_, round) => `${scenarios.indexOf(scenario)}-${round}`)
      const sum = { answeredReads: 0, failedReads: 0, slowestMilliseconds: 0 }
      let prepared = 0
      for (const key of keys) {
        prepared += await prepare(children, scenario, key)
        const order = { ...scenario, order: 'ask' as const, key, callers, askAt: hostNow() + headStart }
        for (const answer of await Promise.all(children.map((child) => tell(child, order)))) {
          sum.answeredReads += answer.answered
          sum.failedReads += answer.failed
          sum.slowestMilliseconds = Math.max(sum.slowestMilliseconds, answer.slowestMilliseconds)
        }
      }
      const { loads, mostAtOnce } = await countLoads(database.url, keys)
      found.push({ ...scenario, processes, callers, rounds, ...sum, loads: loads - prepared, mostAtOnce })
    }
    return found
  } finally {
    for (const child of children) child.kill('SIGKILL')
    await Promise.all([redis.stop(), database.drop()])
  }
}

/** Brings the key to where the scenario has it; returns the loads that took. */
async function prepare(children: ChildProcess[], scenario: Scenario, key: string): Promise<number> {
  if (scenario.standing === 'cold') return 0
  const order = { ...scenario, key, callers: 1, askAt: 0 }
  for (const child of children) await tell(child, { ...order, order: 'prepare' }) // all hold it
  if (scenario.standing === 'invalidated')
    await tell(children[0] as ChildProcess, { ...order, order: 'invalidate' })
  else await sleep(briefTtl + 100)
  return 1
}

async function tell(child: ChildProcess, order: CallerOrder): Promise<CallerAnswer> {
  const answer = answerOf(child, `to ${order.order} for the key ${order.key}`)
  child.send(order)
  return (await answer) as CallerAnswer
}

async function answerOf(child: ChildProcess, what: string): Promise<unknown> {
  const [message] = await bounded(patience, `a calling process ${what}`, once(child, 'message'))
  return message
}

/** Whether that is what was promised. */
export function isAsPromised(figures: StampedeFigures): boolean {
  const { standing, loader, expected, loads, mostAtOnce, rounds, processes, answered, failedReads } = figures
  const most = expected === 'one' ? rounds : rounds * processes
  // Nobody waits for longer than the lease that he met: where one load after the other hangs, he then loads for himself, with all of his process.
  const together = standing === 'cold' && loader === 'hanging' ? processes : 1
  return mostAtOnce <= together && loads >= rounds && loads <= most && (!answered || failedReads === 0)
}
