/** Upper ends, milliseconds; the first bucket holds what was not stale at all. */
const ends = [0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, Number.POSITIVE_INFINITY]

/** One bar: reads whose staleness lies above the end before and up to this one. */
export type Bucket = { label: string; reads: number }

/** How stale reads were. */
export type Histogram = { add(milliseconds: number): void; buckets(): Bucket[] }

/** Nothing was read yet. */
export function createHistogram(): Histogram {
  const counts = ends.map(() => 0)
  return {
    add(milliseconds) {
      const index = ends.findIndex((end) => milliseconds <= end)
      counts[index] = (counts[index] as number) + 1
    },
    buckets: () => counts.map((reads, index) => ({ label: labelOf(index), reads })),
  }
}

function labelOf(index: number): string {
  if (index === 0) return 'newest'
  if (index === ends.length - 1) return `above ${inWords(ends[index - 1] as number)}`
  return `up to ${inWords(ends[index] as number)}`
}

const inWords = (milliseconds: number) =>
  milliseconds < 1000 ? `${milliseconds} ms` : `${milliseconds / 1000} s`
