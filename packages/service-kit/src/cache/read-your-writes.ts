import type { CacheClass } from '@alicerce/cache-aside'
import type { Consistency } from '#src/consistency/consistency.ts'

/**
 * A class whose readers are never answered with anything older than what they wrote a moment ago. `nameOf`: what the versions of a value
 * are of.
 */
export function readYourWrites<Value, Tx extends { afterCommit(action: () => void): void }>(
  of: CacheClass<string, Value, Tx>,
  nameOf: (id: string) => string,
  consistency: Consistency,
): CacheClass<string, Value, Tx> {
  const get: typeof of.get = (id, options) => {
    if (!consistency.isAsked()) return of.get(id, options)
    const minVersion = Math.max(options?.minVersion ?? 0, consistency.atLeast(nameOf(id)))
    return of.get(id, { ...options, minVersion })
  }
  return {
    ...of,
    get,
    getMany(ids, options) {
      if (!consistency.isAsked()) return of.getMany(ids, options)
      const minVersion = new Map(
        ids.map((id) => [id, Math.max(options?.minVersion?.get(id) ?? 0, consistency.atLeast(nameOf(id)))]),
      )
      return of.getMany(ids, { ...options, minVersion })
    },
    async invalidate(tx, id, change) {
      if (change?.version !== undefined) consistency.wrote(tx, nameOf(id), change.version)
      await of.invalidate(tx, id, change)
    },
  }
}
