/** How often a key was read. */
export type HotKey = { key: string; reads: number }

/** Counts reads by key, and knows those that are read most. */
export type HotKeys = {
  read(key: string): void
  /** The keys read most in the last one to two minutes, the hottest first. */
  hottest(): HotKey[]
}

/** Ten times as many as anybody looks at. To look all of them through takes less time than the read that brings a new key. */
const mostKeys = 128
const minute = 60_000

/**
 * Keys that are read most, in bounded memory: when there is no room for a new key it takes the place of one that was read least, and its count
 * (Space-Saving: Metwally et al., ICDT 2005). So no count is too low, and a key of more than a 128th of the reads is always there. Counts of
 * the minute before last are forgotten. `now`: monotonic, milliseconds.
 */
export function createHotKeys(now: () => number = () => performance.now()): HotKeys {
  let current = new Map<string, number>()
  let before = new Map<string, number>()
  let turnsAt = now() + minute
  let reads = 0

  function turn(): void {
    const late = now() - turnsAt
    if (late < 0) return
    before = late < minute ? current : new Map()
    current = new Map()
    turnsAt = now() + minute
  }

  return {
    read(key) {
      // The clock is looked at now and then: this stands on the way of every hit.
      if ((++reads & 63) === 0) turn()
      const count = current.get(key)
      if (count !== undefined) current.set(key, count + 1)
      else current.set(key, current.size < mostKeys ? 1 : takeLeast(current) + 1)
    },
    hottest() {
      turn()
      const counts = new Map(before)
      for (const [key, count] of current) counts.set(key, count + (counts.get(key) ?? 0))
      return [...counts].map(([key, reads]) => ({ key, reads })).sort((one, other) => other.reads - one.reads)
    },
  }
}

/** Drops the key that was read least, and gives its count. */
function takeLeast(counts: Map<string, number>): number {
  let [least, fewest] = ['', Number.POSITIVE_INFINITY]
  for (const [key, count] of counts) if (count < fewest) [least, fewest] = [key, count]
  counts.delete(least)
  return fewest
}
