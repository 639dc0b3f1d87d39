import type { StartTimer } from '../ports.ts'

/** Why there was no turn: too many wait already, or it did not come in time. */
export type NoTurnReason = 'queue-full' | 'queue-timeout'

/** There was no turn. */
export class NoTurn extends Error {
  readonly reason: NoTurnReason

  constructor(reason: NoTurnReason) {
    super(reason)
    this.reason = reason
  }
}

/** Turns at something of which only so much may go on at once. */
export type Turns = {
  readonly running: number
  readonly waiting: number
  /**
   * Resolves, first come, first served, with what gives the turn back.
   * @throws NoTurn, or the reason of the signal
   */
  take(signal?: AbortSignal): Promise<() => void>
}

/** How many turns there are, and how many may wait for one, for how long. */
export type TurnsOptions = {
  atOnce: number
  queue: number
  waitMilliseconds: number
  /** Who has his turn for longer is believed never to give it back, and it goes to another. Default: never. */
  longestTurn?: number
  startTimer: StartTimer
}

/** A semaphore with a queue that is bounded in length and in time. */
export function createTurns(options: TurnsOptions): Turns {
  const { atOnce, queue, waitMilliseconds, longestTurn = Number.POSITIVE_INFINITY, startTimer } = options
  /** When each turn was taken, the oldest first. */
  const holders = new Map<symbol, number>()
  const waiters = new Set<() => void>()

  function begin(): () => void {
    const turn = Symbol()
    holders.set(turn, performance.now())
    return () => {
      if (holders.delete(turn)) passOn()
    }
  }

  function passOn(): void {
    const { value: next } = waiters.values().next()
    next?.()
  }

  /** Looked at by who comes, so that no timer is needed: while nobody comes, nobody misses the turn. */
  function takeBackOverdue(): void {
    const now = performance.now()
    for (const [turn, since] of holders) {
      if (now - since <= longestTurn) return
      holders.delete(turn)
      passOn()
    }
  }

  function wait(signal: AbortSignal | undefined): Promise<() => void> {
    const { promise, resolve, reject } = Promise.withResolvers<() => void>()
    const leave = () => {
      waiters.delete(mine)
      stop()
      signal?.removeEventListener('abort', abort)
    }
    const mine = () => {
      leave()
      resolve(begin())
    }
    const abort = () => {
      leave()
      reject(signal?.reason)
    }
    const stop = startTimer(waitMilliseconds, () => {
      leave()
      reject(new NoTurn('queue-timeout'))
    })
    waiters.add(mine)
    signal?.addEventListener('abort', abort, { once: true })
    return promise
  }

  return {
    get running() {
      return holders.size
    },
    get waiting() {
      return waiters.size
    },
    async take(signal) {
      signal?.throwIfAborted()
      if (holders.size >= atOnce) takeBackOverdue()
      if (holders.size < atOnce) return begin()
      if (waiters.size >= queue) throw new NoTurn('queue-full')
      return wait(signal)
    },
  }
}
