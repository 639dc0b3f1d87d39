import type { LimitState } from '../algorithm/algorithm.ts'

/** What is remembered of a key, and when it says no more than nothing would. */
export type Count = { state: LimitState; voidAt: number }

/** So many counts are looked at a time: whatever comes in one by one, more can go out, and no take waits for a long sweep. */
const looks = 4

/** Counts by key. */
export type Counts = {
  get(key: string): Count | undefined
  set(key: string, count: Count): void
  /** Looks at the next few counts, round and round, and forgets those that are void. */
  sweep(now: number): void
  size(): number
}

/** Makes an empty collection of counts. */
export function createCounts(): Counts {
  const counts = new Map<string, Count>()
  let walk = counts.entries()

  return {
    get: (key) => counts.get(key),
    set: (key, count) => void counts.set(key, count),
    sweep(now) {
      for (let looked = 0; looked < looks; looked++) {
        const { value, done } = walk.next()
        if (done) {
          walk = counts.entries()
          return
        }
        if (value[1].voidAt <= now) counts.delete(value[0])
      }
    },
    size: () => counts.size,
  }
}
