import { CacheError } from './errors.ts'

const maximumLoads = 8
const maximumWaiting = 200

/** Bounds how many loads fall on the database at once while the store is away. */
export function createLimiter() {
  let running = 0
  const waiting: (() => void)[] = []
  return async <Result>(load: () => Promise<Result>): Promise<Result> => {
    if (running >= maximumLoads) {
      if (waiting.length >= maximumWaiting) throw new CacheError('overloaded', 'The cache is away and too many loads wait for the database.')
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
    running++
    try {
      return await load()
    } finally {
      running--
      waiting.shift()?.()
    }
  }
}
