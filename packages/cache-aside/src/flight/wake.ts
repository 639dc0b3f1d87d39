import type { StartTimer } from '../ports.ts'

/** Lets those who wait for another's lease sleep until something happens to their key. */
export type Sleepers = {
  /** Ends after `milliseconds`, when `key` is changed, or when the signal aborts. */
  sleep(key: string, milliseconds: number, signal: AbortSignal): Promise<void>
  wake(key: string): void
  wakeAll(): void
}

/** Nobody sleeps yet. */
export function createSleepers(startTimer: StartTimer): Sleepers {
  const sleepers = new Map<string, Set<() => void>>()
  return {
    sleep(key, milliseconds, signal) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const mine = sleepers.get(key) ?? new Set()
      sleepers.set(key, mine)
      const end = () => {
        stop()
        signal.removeEventListener('abort', end)
        mine.delete(end)
        if (mine.size === 0 && sleepers.get(key) === mine) sleepers.delete(key)
        resolve()
      }
      const stop = startTimer(milliseconds, end)
      signal.addEventListener('abort', end, { once: true })
      mine.add(end)
      return promise
    },
    wake(key) {
      for (const end of [...(sleepers.get(key) ?? [])]) end()
    },
    wakeAll() {
      for (const key of [...sleepers.keys()]) this.wake(key)
    },
  }
}
