import * as cache from '@alicerce/cache-aside'
import { check } from './check.ts'
import type { Mutant } from './mutants.ts'
import { type Statement, statements } from './statements.ts'
import { createVariant } from './variant.ts'

/** What became of a mutant. */
export type Hunt = {
  mutant: string
  /** The ids and words of what does not hold for it. */
  claim: string
  killed: boolean
  /** How many schedules it took. */
  schedules: number
  /** Whether the cache as it is passes the very schedule that killed the mutant: it is the mutant that is wrong, not the harness. */
  acquitted: boolean
}

const schedulesAtOnce = 50

/** Hunts a mutant: where it was found before, then under new seeds, until it is killed or the time is over. */
export async function hunt(
  { name, killedBy, edits, conditions, plans, found }: Mutant,
  { seed, milliseconds }: { seed: number; milliseconds: number },
): Promise<Hunt> {
  const statement: Statement = { ...statements[killedBy], ...(plans && { plans }) }
  const variant = edits ? await createVariant(name, edits) : { engine: cache, remove() {} }
  const end = performance.now() + milliseconds
  let schedules = 0
  try {
    for (let round = 0; round === 0 || performance.now() < end; round++) {
      const where =
        round === 0 && found ? { ...found, schedules: 1 } : { seed: seed + round, schedules: schedulesAtOnce }
      const { failed, ...checked } = await check({
        ...{ engine: variant.engine, statement, endOnFailure: true },
        ...where,
        ...(conditions && { conditions }),
      })
      schedules += checked.schedules
      if (!failed) continue
      const again = { seed: failed.seed, path: failed.path, schedules: 1, endOnFailure: true }
      const right = await check({ engine: cache, statement, ...again })
      return { mutant: name, claim: statement.claim, killed: true, schedules, acquitted: !right.failed }
    }
    return { mutant: name, claim: statement.claim, killed: false, schedules, acquitted: false }
  } finally {
    variant.remove()
  }
}
