import type { Subject, SubjectOptions } from './subject.ts'
import { alicerce } from './subjects/alicerce.ts'
import { asyncCacheDedupe } from './subjects/async-cache-dedupe.ts'
import { bareClient } from './subjects/bare-client.ts'
import { bentocache } from './subjects/bentocache.ts'
import { cacheManager } from './subjects/cache-manager.ts'
import { cacheable } from './subjects/cacheable.ts'

/** Everything that is measured, by name: this cache first, then the bare client, then the peers. */
export const subjects: Record<string, (options: SubjectOptions) => Promise<Subject>> = {
  alicerce,
  'bare client': bareClient,
  bentocache,
  cacheable,
  'cache-manager': cacheManager,
  'async-cache-dedupe': asyncCacheDedupe,
}
