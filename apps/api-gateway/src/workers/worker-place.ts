import { setTimeout as sleep } from 'node:timers/promises'
import type { Environment, Log } from '@alicerce/service-kit'
import { type HeldSocket, WorkerProcess, type WorkerWishes } from './worker-process.ts'

/** What a place is made of. `env`: that of its workers. */
type PlaceParts = { env: Environment; log: Log } & Pick<WorkerWishes, 'onFiguresWanted'>

/** Between attempts to start a worker that ends at once. */
const [shortestPause, longestPause] = [500, 10_000]

/**
 * A place for one worker after the other. Its sockets stay when a worker goes, with the connections that wait in them: a socket that is closed
 * resets these, also where others listen on the same port (SO_REUSEPORT shares a port, not its queues). So a successor serves what a worker has
 * left, however that one ended.
 */
export class WorkerPlace {
  readonly number: number
  readonly #env: Environment
  readonly #log: Log
  readonly #onFiguresWanted: WorkerWishes['onFiguresWanted']
  readonly #sockets = new Map<string, HeldSocket>()
  readonly #alive = new Set<WorkerProcess>()
  #current: WorkerProcess
  #replacing: Promise<void> | undefined
  #isClosing = false

  constructor(number: number, parts: PlaceParts) {
    const { env, log, onFiguresWanted } = parts
    this.number = number
    this.#env = env
    this.#log = log
    this.#onFiguresWanted = onFiguresWanted
    this.#current = this.#start()
  }

  /** Who serves. */
  get worker(): WorkerProcess {
    return this.#current
  }

  /** Puts another worker into this place, and then lets the one before end. Resolves when the other serves. */
  async replace(): Promise<void> {
    this.#replacing ??= this.#replace(this.#current).finally(() => {
      this.#replacing = undefined
    })
    await this.#replacing
  }

  /** Ends its workers. Resolves when they have ended. */
  async close(): Promise<void> {
    this.#isClosing = true
    for (const worker of this.#alive) worker.leave()
    await Promise.all([...this.#alive].map(({ ended }) => ended))
    for (const socket of this.#sockets.values()) socket.close()
    this.#sockets.clear()
  }

  #start(): WorkerProcess {
    const worker = new WorkerProcess(this.#env, this.#sockets, {
      onLeaving: (leaving) => this.#onLeaving(leaving),
      onFiguresWanted: this.#onFiguresWanted,
    })
    this.#alive.add(worker)
    void worker.ended.then((reason) => this.#onEnd(worker, reason))
    return worker
  }

  async #replace(before: WorkerProcess): Promise<void> {
    for (let pause = shortestPause; !this.#isClosing; pause = Math.min(pause * 2, longestPause)) {
      const next = this.#start()
      try {
        await next.ready
        this.#current = next
        before.leave()
        return
      } catch (error) {
        this.#log.error({ error, worker: this.number }, 'A worker did not start')
        await sleep(pause)
      }
    }
  }

  /** It was told to end: not before another one serves. */
  #onLeaving(worker: WorkerProcess): void {
    if (this.#isClosing || worker !== this.#current) worker.leave()
    else void this.replace()
  }

  #onEnd(worker: WorkerProcess, reason: number | NodeJS.Signals): void {
    this.#alive.delete(worker)
    if (this.#isClosing) return
    if (worker !== this.#current) this.#closeUnused()
    // Before it was ready: whoever waits for that hears of it.
    else if (worker.adminUrl !== '') {
      this.#log.error({ worker: this.number, pid: worker.pid, reason }, 'A worker ended')
      void this.replace()
    }
  }

  /** Where the configuration has lost a listener, nobody accepts on its socket any more. */
  #closeUnused(): void {
    if (this.#alive.size > 1) return
    for (const [address, socket] of this.#sockets) {
      if (this.#current.addresses.has(address)) continue
      socket.close()
      this.#sockets.delete(address)
    }
  }
}
