import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Seed } from './check.ts'
import type { StatementName } from './statements.ts'

/** A schedule under which a statement once did not hold. */
export type KeptSeed = Seed & { statement: StatementName }

const file = join(import.meta.dirname, '../../kept-seeds.json')

/** All that were ever found: they are tried first, here and in `npm test`. */
export const keptSeeds = (): KeptSeed[] => JSON.parse(readFileSync(file, 'utf8'))

/** Keeps one more, in the repository. */
export function keepSeed(found: KeptSeed): void {
  const kept = keptSeeds()
  const isKnown = kept.some(
    ({ statement, seed, path }) =>
      statement === found.statement && seed === found.seed && path === found.path,
  )
  if (!isKnown) writeFileSync(file, `${JSON.stringify([...kept, found], null, 2)}\n`)
}
