import type { Chapter, Claim } from './chapter.ts'
import { exploration, hunting } from './exploration/chapter.ts'
import { trials } from './faults/chapter.ts'
import { stampedes } from './stampede/chapter.ts'

/** How long a mutant is hunted at most that is not found where it was before. */
const huntMilliseconds = 120_000

/** The whole proof, in chapters. */
export type Proof = Awaited<ReturnType<typeof prove>>

/** Runs everything, and tells what is under way. `seconds`: of exploration, and of each trial of the cache under faults. */
export async function prove(options: { seed: number; seconds: number; progress: (message: string) => void }) {
  const { seed, seconds, progress } = options
  const chapters = {
    exploration: await exploration({ seed, milliseconds: seconds * 1000, progress }),
    mutants: await hunting({ seed, milliseconds: huntMilliseconds, progress }),
    stampedes: await stampedes(progress),
    trials: await trials({ seed, seconds, progress }),
  }
  const all: Chapter[] = Object.values(chapters)
  const claims: Claim[] = all.flatMap((chapter) => chapter.claims)
  return { chapters, claims, holds: claims.every(({ holds }) => holds) }
}
