import type { Subject, SubjectOptions } from './subject.ts'
import { createCacheAside, createCacheWithout } from './subjects/cache-aside.ts'
import { createNaive } from './subjects/naive.ts'

/** The caches that can be put on trial. */
export const subjects = {
  'cache-aside': createCacheAside,
  naive: createNaive,
  'without relay': createCacheWithout('relay'),
  'without relay and watermark': createCacheWithout('relay', 'watermark'),
  'without new beginning': createCacheWithout('new beginning'),
} satisfies Record<string, (options: SubjectOptions) => Promise<Subject>>

export type SubjectName = keyof typeof subjects
