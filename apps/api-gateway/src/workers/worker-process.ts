import { type ChildProcess, fork, type SendHandle } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Environment } from '@alicerce/service-kit'
import type { WorkerFigures } from '#src/gateway-view/worker-figures.ts'
import type { PrimaryMessage, WorkerMessage } from './messages.ts'

const script = fileURLToPath(new URL('./worker.ts', import.meta.url))

/** A listening socket that this process holds and never accepts from. */
export type HeldSocket = { close(): void }

/** Hears what a worker wants. */
export type WorkerWishes = {
  onLeaving(worker: WorkerProcess): void
  onFiguresWanted(worker: WorkerProcess): void
}

/** One worker, as the primary sees it. */
export class WorkerProcess {
  readonly #child: ChildProcess
  readonly #ready = Promise.withResolvers<void>()
  /** Of the sockets that it has asked for. */
  readonly addresses = new Set<string>()
  /** Where its health and metrics are; empty until it is ready. */
  adminUrl = ''
  /** Resolves when it has ended, with what it ended by: an exit code or a signal. */
  readonly ended: Promise<number | NodeJS.Signals>

  /** `sockets` are those of its place, by their addresses: it gets them, and adds to them. */
  constructor(
    env: Environment,
    sockets: Map<string, HeldSocket>,
    { onLeaving, onFiguresWanted }: WorkerWishes,
  ) {
    this.#child = fork(script, [], { env: env as NodeJS.ProcessEnv })
    this.ended = once(this.#child, 'exit').then(([code, signal]) => signal ?? code)
    void this.ended.then((reason) =>
      this.#ready.reject(new Error(`A worker ended (${reason}) before it was ready`)),
    )
    // Whoever does not wait for it hears of its end.
    this.#ready.promise.catch(() => {})
    this.#child.on('error', (error) => this.#ready.reject(error))
    this.#child.on('message', (message, handle) => {
      const told = message as WorkerMessage
      if (told.kind === 'ready') {
        this.adminUrl = told.adminUrl
        this.#ready.resolve()
      } else if (told.kind === 'leaving') onLeaving(this)
      else if (told.kind === 'figures-wanted') onFiguresWanted(this)
      else if (told.kind === 'socket-wanted') {
        this.addresses.add(told.address)
        this.#say({ kind: 'socket', address: told.address }, sockets.get(told.address))
      } else {
        sockets.set(told.address, handle as unknown as HeldSocket)
        this.#say({ kind: 'socket-held', address: told.address })
      }
    })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Resolves when it serves; rejects where it ends before. */
  get ready(): Promise<void> {
    return this.#ready.promise
  }

  /** Tells it to end, or that it may where it has asked: its place is taken. */
  leave(): void {
    this.#say({ kind: 'leave' })
  }

  /** Tells it the figures of all workers. */
  tellFigures(figures: readonly WorkerFigures[]): void {
    this.#say({ kind: 'figures', figures })
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  #say(message: PrimaryMessage, socket?: HeldSocket): void {
    if (this.#child.connected) this.#child.send(message, socket as unknown as SendHandle, () => {})
  }
}
