import type { CacheFigures, Explanation } from '@alicerce/cache-aside'
import type { AppEnvironment } from '#src/config/read-config.ts'
import { invalidRequest, notFound } from '#src/problem/problems.ts'
import type { AdminPage } from './admin-server.ts'

/** A cache as an administrator sees it. */
export type ShownCache = {
  figures(): Promise<CacheFigures>
  explain(className: string, key: string, options: { values: boolean }): Promise<Explanation | undefined>
}

/**
 * `/cache`: how the cache is, and each class of it. `/cache/explain?class=…&key=…`: how one key stands, and why. Keys stand in no log, so they
 * are asked for in the query of a port that writes none; values are shown to nobody but who develops.
 */
export function cachePages(cache: ShownCache, environment: AppEnvironment): Record<string, AdminPage> {
  const values = environment === 'development'
  return {
    '/cache': () => cache.figures(),
    async '/cache/explain'(query) {
      const [className, key] = [query.get('class'), query.get('key')]
      if (className === null || key === null) {
        throw invalidRequest('Ask as /cache/explain?class=…&key=…, with a class that /cache names.')
      }
      const explanation = await cache.explain(className, key, { values })
      if (!explanation) throw notFound(`There is no class "${className}": /cache names those that there are.`)
      return explanation
    },
  }
}
