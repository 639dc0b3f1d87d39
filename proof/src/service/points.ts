import { readSync, writeSync } from 'node:fs'

/** Places in the code where a process can be hurt at the worst moment. */
export const points = ['row read', 'about to store', 'committed', 'delivered', 'relaying'] as const
export type Point = (typeof points)[number]

/** The pipe between this process and its parent (world/hold.ts). */
const pipe = 4

/**
 * The next time that the armed point is passed the process says so and stands still until it is let go; meanwhile the parent stops or kills
 * it. It does not stop itself: a SIGCONT that came just before would be lost, and nobody would wake it any more. Where the parent is gone
 * the pipe ends, and the wait with it.
 */
export function createPoints() {
  let armed: Point | undefined
  return {
    arm(point: Point | undefined): void {
      armed = point
    },
    pass(point: Point): void {
      if (armed !== point) return
      armed = undefined
      writeSync(pipe, '.')
      readSync(pipe, Buffer.alloc(1))
    },
  }
}

export type Points = ReturnType<typeof createPoints>
