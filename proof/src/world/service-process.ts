import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { type FaultProxy, faultProxy } from '@alicerce/testing'
import type { Order, ServiceOptions, Tally } from '../service/main.ts'
import type { Blow } from '../service/points.ts'

const script = join(import.meta.dirname, '../service/main.ts')

/** A service process with its own links to Redis and PostgreSQL, each of which can be hurt. It is started again when it is killed. */
export type ServiceProcess = {
  readonly redisLink: FaultProxy
  readonly databaseLink: FaultProxy
  /** Files of what was read: one for each time that it was started. */
  readonly readLogs: readonly string[]
  /** SIGKILL, and a new start. */
  kill(): Promise<void>
  freeze(): void
  thaw(): void
  /** Resolves with true when the blow has fallen, with false when it did not within the time. */
  strikeAt(blow: Blow, patienceMilliseconds: number): Promise<boolean>
  stall(milliseconds: number): void
  /** After a blow by SIGKILL. */
  restart(): Promise<void>
  rest(): void
  finish(): Promise<Tally>
  stop(): Promise<void>
}

/** Starts one. `outputFile` gets what it prints. */
export async function startServiceProcess(options: {
  number: number
  directory: string
  redisUrl: string
  databaseUrl: string
  service: Omit<ServiceOptions, 'redisUrl' | 'databaseUrl' | 'readLog'>
}): Promise<ServiceProcess> {
  const { number, directory, service } = options
  const redisLink = await faultProxy({ target: options.redisUrl })
  const databaseLink = await faultProxy({ target: options.databaseUrl })
  const readLogs: string[] = []
  let child: ChildProcess

  async function start(): Promise<void> {
    const readLog = join(directory, `reads-${number}-${readLogs.length}.bin`)
    readLogs.push(readLog)
    const output = openSync(join(directory, `service-${number}.log`), 'a')
    const given: ServiceOptions = {
      ...service,
      seed: service.seed + readLogs.length * 1000 + number,
      readLog,
      redisUrl: redisLink.url,
      databaseUrl: databaseLink.url,
    }
    child = fork(script, [JSON.stringify(given)], {
      env: { PATH: process.env.PATH },
      stdio: ['ignore', output, output, 'ipc', 'pipe'],
    })
    const ending = new AbortController()
    const { signal } = ending
    const ended = once(child, 'exit', { signal }).then(([code]) => {
      throw new Error(`A service process ended with ${code} before it was ready: see ${directory}`)
    })
    ended.catch(() => {}) // by the end of the wait
    await Promise.race([once(child, 'message', { signal }), ended]).finally(() => ending.abort())
  }

  const tell = (order: Order) => void child.send(order, () => {}) // it may just have been killed

  async function kill(): Promise<void> {
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
    await start()
  }

  await start()
  return {
    redisLink,
    databaseLink,
    readLogs,
    kill,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async strikeAt(blow, patienceMilliseconds) {
      const fallen = once(child.stdio[4] as Readable, 'data').then(() => true)
      tell({ order: 'arm', blow })
      const { promise: given, resolve } = Promise.withResolvers<false>()
      const timer = setTimeout(resolve, patienceMilliseconds, false)
      const struck = await Promise.race([fallen, given])
      clearTimeout(timer)
      if (!struck) tell({ order: 'arm', blow: undefined })
      return struck
    },
    stall: (milliseconds) => tell({ order: 'stall', milliseconds }),
    async restart() {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      await start()
    },
    rest: () => tell({ order: 'rest' }),
    async finish() {
      const tally = once(child, 'message')
      tell({ order: 'finish' })
      const [told] = await tally
      return told as Tally
    },
    async stop() {
      child.kill('SIGKILL')
      await Promise.all([redisLink.close(), databaseLink.close()])
    },
  }
}
