import { CacheError } from '../errors.ts'

/** The end of a cache: what is still under way hears of it. */
export type Ending = {
  /** @throws CacheError `closed` */
  throwIfOver(): void
  /** Calls `stop` at the end, at once if that was before. What it returns takes that back. */
  onEnd(stop: (reason: CacheError) => void): () => void
  end(): void
}

/** Not yet. */
export function createEnding(): Ending {
  const stops = new Set<(reason: CacheError) => void>()
  let reason: CacheError | undefined
  return {
    throwIfOver() {
      if (reason) throw reason
    },
    onEnd(stop) {
      if (reason) stop(reason)
      else stops.add(stop)
      return () => void stops.delete(stop)
    },
    end() {
      reason ??= new CacheError('closed', 'The cache was closed.')
      for (const stop of stops) stop(reason)
      stops.clear()
    },
  }
}
