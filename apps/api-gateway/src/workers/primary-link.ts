import type { SendHandle } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import type { Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { OpenSocket } from '@alicerce/reverse-proxy'
import type { GatherFigures, WorkerFigures } from '#src/gateway-view/worker-figures.ts'
import type { PrimaryMessage, WorkerMessage } from './messages.ts'

/** What a worker has of the primary that started it. */
export type PrimaryLink = {
  /** Listens on a socket that the primary holds, or opens one and leaves the primary a hold on it. */
  readonly openSocket: OpenSocket
  /** Asks it for the figures of all workers; of none where it does not answer in time. */
  readonly gatherFigures: GatherFigures
  ready(adminUrl: string): void
  /** Resolves when another worker has taken this one's place, or when there is none to wait for. */
  mayLeave(): Promise<void>
}

/** A primary that cannot start a successor does not keep a worker that was told to end. */
const longestWait = 15_000
/** A little longer than the primary waits for a worker. */
const longestGathering = 2500

/** Links this process to the primary that forked it. Without its primary it ends as if it were told to. */
export function linkToPrimary(): PrimaryLink {
  const hears = new EventEmitter()
  const left = once(hears, 'leave')
  let isLeaving = false
  const end = () => {
    hears.emit('leave')
    // A second signal would end it at once.
    if (!isLeaving) process.kill(process.pid, 'SIGTERM')
  }
  process.once('disconnect', end)
  process.on('message', ((message: PrimaryMessage, handle: unknown) => {
    if (message.kind === 'leave') end()
    else if (message.kind === 'figures') hears.emit('figures', message.figures)
    else hears.emit(`${message.kind} ${message.address}`, handle)
  }) as never)

  const say = (message: WorkerMessage, handle?: unknown) => {
    if (process.connected) process.send?.(message, handle as SendHandle)
  }

  return {
    async openSocket(server, { host, port }) {
      const address = `${host}:${port}`
      const answered = once(hears, `socket ${address}`)
      say({ kind: 'socket-wanted', address })
      const [held] = await answered
      // Several queues on one port, among which the kernel deals new connections out.
      server.listen(held ?? { host, port, reusePort: true })
      await once(server, 'listening')
      if (held) return
      const noted = once(hears, `socket-held ${address}`)
      say({ kind: 'socket-opened', address }, handleOf(server))
      await noted
    },
    async gatherFigures() {
      const told = once(hears, 'figures', { signal: AbortSignal.timeout(longestGathering) })
      say({ kind: 'figures-wanted' })
      const [figures] = await told.catch(() => [[]])
      return figures as readonly WorkerFigures[]
    },
    ready: (adminUrl) => say({ kind: 'ready', adminUrl }),
    async mayLeave() {
      isLeaving = true
      say({ kind: 'leaving' })
      if (process.connected) await Promise.race([left, sleep(longestWait)])
    },
  }
}

/** The socket itself, as `node:cluster` sends it: a server that is sent would accept connections where it arrives. */
const handleOf = (server: Server): unknown => (server as unknown as { _handle: unknown })._handle
