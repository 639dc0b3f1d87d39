import * as cache from '@alicerce/cache-aside'
import type { Chapter } from '../chapter.ts'
import { type CheckOptions, check } from './check.ts'
import { huntCollation } from './collation.ts'
import { type Hunt, hunt } from './hunt.ts'
import { keepSeed, keptSeeds } from './kept-seeds.ts'
import { mutants, notInThisCache } from './mutants.ts'
import { openRedisBackends } from './redis-backend.ts'
import { type Statement, statements } from './statements.ts'

/** How far one statement was explored. */
export type Explored = {
  statement: string
  claim: string
  on: 'the model' | 'Redis'
  schedules: number
  /** Reads that the cache answered. */
  hits: number
  holds: boolean
  /** The simplest run in which it does not hold, and where to find it again. */
  failure?: string
}

type Options = { seed: number; milliseconds: number; progress: (message: string) => void }

const schedulesAtOnce = 20

/** Explores every statement, on the model and on Redis, for so long in all. A failing seed is kept in the repository. */
export async function exploration({ seed, milliseconds, progress }: Options): Promise<Chapter<Explored[]>> {
  const all: Statement[] = Object.values(statements)
  const onRedis = all.filter((statement) => statement.onRedis)
  const share = milliseconds / (all.length + onRedis.length)
  const explored: Explored[] = []
  const backends = await openRedisBackends()
  const { createBackend } = backends
  try {
    for (const statement of all) explored.push(await exploreFor(share, statement, seed))
    for (const statement of onRedis) explored.push(await exploreFor(share, statement, seed, createBackend))
  } finally {
    await backends.close()
  }

  async function exploreFor(
    limit: number,
    statement: Statement,
    from: number,
    onto?: CheckOptions['createBackend'],
  ): Promise<Explored> {
    const on = onto ? ('Redis' as const) : ('the model' as const)
    const result: Explored = {
      statement: statement.name,
      claim: statement.claim,
      on,
      schedules: 0,
      hits: 0,
      holds: true,
    }
    const end = performance.now() + limit
    const kept = onto ? [] : keptSeeds().filter((one) => one.statement === statement.name)
    for (let round = 0; result.holds && (round <= kept.length || performance.now() < end); round++) {
      const again = kept[round]
      const where = again
        ? { seed: again.seed, path: again.path, schedules: 1 }
        : { seed: from + round, schedules: schedulesAtOnce }
      const { failed, ...checked } = await check({
        ...{ engine: cache, statement },
        ...where,
        ...(onto && { createBackend: onto }),
      })
      result.schedules += checked.schedules
      result.hits += checked.hits
      if (!failed) continue
      result.holds = false
      result.failure = `seed ${failed.seed}, path ${failed.path}:\n${failed.report}`
      keepSeed({ statement: statement.name as keyof typeof statements, seed: failed.seed, path: failed.path })
    }
    progress(`explored on ${on}: ${statement.name}, ${result.schedules} schedules`)
    return result
  }

  const schedules = explored.reduce((sum, one) => sum + one.schedules, 0)
  return {
    figures: explored,
    claims: [
      {
        claim: `in ${schedules.toLocaleString('en')} orders of events, on the model and on real Redis, every statement holds`,
        holds: explored.every(({ holds, hits }) => holds && hits > 0),
      },
    ],
    text: `## Orders of events, explored

${explored.map((one) => `  ${one.holds ? '✓' : '✗'} ${one.claim}\n      ${one.schedules.toLocaleString('en')} schedules on ${one.on}, ${one.hits.toLocaleString('en')} reads answered by the cache${one.failure ? `\n${one.failure}` : ''}`).join('\n')}`,
  }
}

/** Hunts all mutants. `milliseconds`: for each at most, where it is not found at once. */
export async function hunting({ seed, milliseconds, progress }: Options): Promise<Chapter<Hunt[]>> {
  const hunts: Hunt[] = []
  for (const mutant of mutants) {
    const result = await hunt(mutant, { seed, milliseconds })
    hunts.push(result)
    progress(`${result.killed ? 'killed' : 'ALIVE'}: ${mutant.name}`)
  }
  const collation = await huntCollation()
  if (collation) hunts.push(collation)
  const killed = hunts.filter((one) => one.killed && one.acquitted).length
  return {
    figures: hunts,
    claims: [
      {
        claim: `${killed} of ${hunts.length} wrong variants of the cache are found out, by schedules that the cache itself passes`,
        holds: killed === hunts.length,
      },
    ],
    text: `## Wrong variants\n\n${textOfHunts(hunts)}`,
  }
}

/** The list of mutants, for people. */
export function textOfHunts(hunts: readonly Hunt[]): string {
  const lines = hunts.map(({ mutant, killed, acquitted, schedules, claim }) => {
    const fate = killed ? (acquitted ? 'killed' : 'KILLED WITH THE CACHE') : 'ALIVE'
    return `  ${fate}  ${mutant}\n          after ${schedules} schedules: ${claim}`
  })
  const absent = notInThisCache.map(({ name, why }) => `  absent  ${name}\n          ${why}`)
  return [...lines, ...absent].join('\n')
}
