import type { Duplex } from 'node:stream'

/**
 * The parent's end of the points at which a process waits (service/points.ts). Every wait is answered: by whoever armed the point, or at
 * once where he has given up meanwhile. So nobody is left standing, however late the process came to the point.
 */
export type Hold = {
  /** Resolves with whether the process came to the point that it was told, and stands there now, within the time. */
  stands(patienceMilliseconds: number): Promise<boolean>
  /** Lets it go on, if it stands. */
  letGo(): void
}

/** `pipe`: to one process, from its start. */
export function createHold(pipe: Duplex): Hold {
  let waiting: ((stands: boolean) => void) | undefined
  let standing = false
  const letGo = () => {
    if (standing) pipe.write('.')
    standing = false
  }
  pipe.on('error', () => {}) // it was killed
  pipe.on('data', () => {
    standing = true
    if (waiting) waiting(true)
    else letGo()
  })
  return {
    letGo,
    stands(patienceMilliseconds) {
      const { promise, resolve } = Promise.withResolvers<boolean>()
      const timer = setTimeout(resolve, patienceMilliseconds, false)
      waiting = resolve
      return promise.finally(() => {
        clearTimeout(timer)
        waiting = undefined
      })
    },
  }
}
