import { writeSync } from 'node:fs'

/** Places in the code where a process can be hurt at the worst moment. */
export const points = ['row read', 'about to store', 'committed', 'delivered', 'relaying'] as const
export type Point = (typeof points)[number]

/** What happens to the process there. */
export type Blow = { point: Point; signal: 'SIGSTOP' | 'SIGKILL' }

/** The pipe on which the parent hears of it: written at once, as there may be no later. */
const pipe = 4

/** The next time that the armed point is passed, the process stops or dies there. */
export function createPoints() {
  let armed: Blow | undefined
  return {
    arm(blow: Blow | undefined): void {
      armed = blow
    },
    pass(point: Point): void {
      if (armed?.point !== point) return
      const { signal } = armed
      armed = undefined
      writeSync(pipe, '.')
      process.kill(process.pid, signal)
    },
  }
}

export type Points = ReturnType<typeof createPoints>
