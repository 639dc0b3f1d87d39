/**
 * How an exchange was answered where its route has an output cache. `hit`: from what is stored and fresh. `stale`: from what no longer is.
 * `miss`: by the service. `revalidated`: from what is stored, once the service had confirmed it. `bypass`: by the service, as the request
 * is not one for a cache.
 */
export type OutputCacheResult = 'hit' | 'stale' | 'miss' | 'revalidated' | 'bypass'
