import type { Subject, SubjectOptions } from './subject.ts'
import { createCacheAside } from './subjects/cache-aside.ts'
import { createNaive } from './subjects/naive.ts'

/** The caches that can be put on trial. */
export const subjects = {
  'cache-aside': createCacheAside,
  naive: createNaive,
} satisfies Record<string, (options: SubjectOptions) => Promise<Subject>>

export type SubjectName = keyof typeof subjects
