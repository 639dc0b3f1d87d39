import type { Exchange } from '@alicerce/api-client'

/** What answered a request, of all that it read the part that is farthest away. */
export const tiers = ['l1', 'redis', 'database'] as const
export type Tier = (typeof tiers)[number]

/** How the cache answered a request; `undefined`: nothing in it goes through the cache. */
export type CacheAnswer = {
  tier: Tier
  /** The cache was left out, or nobody may keep the value. */
  isBypass: boolean
  /** Seconds since the value was loaded; of hits. */
  age: number | undefined
  /** Seconds: nothing that was committed longer ago is missing in the answer; of hits. */
  behind: number | undefined
}

/** Reads it from `Cache-Status`, in which the cache closest to the browser stands last. */
export function cacheAnswerOf({ caches }: Exchange): CacheAnswer | undefined {
  const own = caches.filter(({ cache }) => cache === 'alicerce-l1' || cache === 'alicerce-redis')
  if (own.length === 0) return undefined
  const hit = own.find((each) => each.hit)
  if (!hit) {
    const isBypass = own.some(({ parameters }) => parameters.fwd === 'bypass')
    return { tier: 'database', isBypass, age: undefined, behind: undefined }
  }
  return {
    tier: hit.cache === 'alicerce-l1' ? 'l1' : 'redis',
    isBypass: false,
    age: secondsIn(hit.parameters['alicerce-age']),
    behind: secondsIn(hit.parameters['alicerce-behind']),
  }
}

/** A parameter that is a number; `undefined` for others. */
export function secondsIn(parameter: string | true | undefined): number | undefined {
  const seconds = typeof parameter === 'string' ? Number(parameter) : Number.NaN
  return Number.isFinite(seconds) ? seconds : undefined
}
