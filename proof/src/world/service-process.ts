import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { type FaultProxy, faultProxy } from '@alicerce/testing'
import { bounded } from '../bounded.ts'
import type { Order, ServiceOptions, Tally } from '../service/main.ts'
import type { Point } from '../service/points.ts'
import { createHold, type Hold } from './hold.ts'
import { linksToRedis } from './links.ts'
import type { RedisSide } from './redis-side.ts'

const script = join(import.meta.dirname, '../service/main.ts')

/** What happens to a process, and where. */
export type Blow = { point: Point; signal: 'SIGSTOP' | 'SIGKILL' }

/** A service process with its own links to Redis and PostgreSQL, each of which can be hurt. It is started again when it is killed. */
export type ServiceProcess = {
  /** In the order of the servers. */
  readonly redisLinks: readonly FaultProxy[]
  readonly databaseLink: FaultProxy
  /** Files of what was read: one for each time that it was started. */
  readonly readLogs: readonly string[]
  /** SIGKILL, and a new start. */
  kill(): Promise<void>
  freeze(): void
  /** Whatever made it stand still. */
  thaw(): void
  /** Resolves with true when the blow has fallen, with false when the process did not come to the point within the time. */
  strikeAt(blow: Blow, patienceMilliseconds: number): Promise<boolean>
  stall(milliseconds: number): void
  /** After a blow by SIGKILL. */
  restart(): Promise<void>
  rest(): void
  finish(): Promise<Tally>
  stop(): Promise<void>
}

const startMilliseconds = 60_000
const finishMilliseconds = 60_000
const exitMilliseconds = 20_000

/** Starts one. */
export async function startServiceProcess(options: {
  number: number
  directory: string
  redis: Pick<RedisSide, 'topology' | 'urls'>
  databaseUrl: string
  service: Omit<ServiceOptions, 'topology' | 'redisUrls' | 'databaseUrl' | 'readLog'>
}): Promise<ServiceProcess> {
  const { number, directory, service, redis } = options
  const redisLinks = await linksToRedis(redis.topology, redis.urls, number)
  const databaseLink = await faultProxy({ target: options.databaseUrl })
  const readLogs: string[] = []
  const outputFile = join(directory, `service-${number}.log`)
  const name = `service process ${number}`
  let child: ChildProcess
  let hold: Hold

  async function start(): Promise<void> {
    const readLog = join(directory, `reads-${number}-${readLogs.length}.bin`)
    readLogs.push(readLog)
    const output = openSync(outputFile, 'a')
    const given: ServiceOptions = {
      ...service,
      seed: service.seed + readLogs.length * 1000 + number,
      readLog,
      topology: redis.topology,
      redisUrls: redisLinks.map(({ url }) => url),
      databaseUrl: databaseLink.url,
    }
    child = fork(script, [JSON.stringify(given)], {
      env: { PATH: process.env.PATH },
      stdio: ['ignore', output, output, 'ipc', 'pipe'],
    })
    hold = createHold(child.stdio[4] as Duplex)
    await bounded(startMilliseconds, `${name} to be ready`, nextMessage())
  }

  /** What it says next. Rejects if it ends first: nobody kills it while this is waited for. */
  async function nextMessage(): Promise<unknown> {
    const ending = new AbortController()
    const { signal } = ending
    const ended = once(child, 'exit', { signal }).then(([code, killedBy]) => {
      const output = readFileSync(outputFile, 'utf8').trim().split('\n').slice(-5).join('\n')
      throw new Error(`The ${name} ended by itself, with ${code ?? killedBy}. It said:\n${output}`)
    })
    ended.catch(() => {}) // by the end of the wait
    const [message] = await Promise.race([once(child, 'message', { signal }), ended]).finally(() =>
      ending.abort(),
    )
    return message
  }

  const tell = (order: Order) => void child.send(order, () => {}) // it may just have been killed

  async function exited(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    await bounded(exitMilliseconds, `${name} to end`, once(child, 'exit'))
  }

  async function restart(): Promise<void> {
    await exited()
    await start()
  }

  await start()
  return {
    redisLinks,
    databaseLink,
    readLogs,
    restart,
    async kill() {
      child.kill('SIGKILL')
      await restart()
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw() {
      child.kill('SIGCONT')
      hold.letGo()
    },
    async strikeAt({ point, signal }, patienceMilliseconds) {
      tell({ order: 'arm', point })
      const stands = await hold.stands(patienceMilliseconds)
      if (stands) child.kill(signal)
      else tell({ order: 'arm', point: undefined })
      return stands
    },
    stall: (milliseconds) => tell({ order: 'stall', milliseconds }),
    rest: () => tell({ order: 'rest' }),
    async finish() {
      const tally = nextMessage()
      tell({ order: 'finish' })
      return (await bounded(finishMilliseconds, `the tally of ${name}`, tally)) as Tally
    },
    async stop() {
      child.kill('SIGKILL')
      await exited()
      await Promise.all([...redisLinks, databaseLink].map((link) => link.close()))
    },
  }
}
