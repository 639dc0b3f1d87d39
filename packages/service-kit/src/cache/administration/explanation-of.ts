import type { Explanation } from '@alicerce/cache-aside'
import type { CacheExplanation } from './schema.ts'

/** What administrators see of an explanation. */
export function explanationOf(explanation: Explanation): CacheExplanation {
  const { class: className, key, firstLevel, store, refreshing, tags = null, wouldLoad } = explanation
  return {
    ...{ class: className, key, refreshing, tags, wouldLoad },
    firstLevel: entryOf(firstLevel),
    store: { ...entryOf(store), ...('bytes' in store && { bytes: store.bytes }) },
  }
}

function entryOf(entry: Explanation['firstLevel'] | Explanation['store']): CacheExplanation['firstLevel'] {
  if (!('age' in entry)) return { state: entry.state }
  const { state, age, freshFor, version, isNothing } = entry
  return { state, age, freshFor, version, isNothing }
}
