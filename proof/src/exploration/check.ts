import fc from 'fast-check'
import type { Engine } from './engine.ts'
import type { Plan } from './plan.ts'
import type { Statement } from './statements.ts'
import { type Conditions, type ExploreOptions, explore, type Findings } from './world.ts'

/** Where a run can be found again. */
export type Seed = { seed: number; path: string }

/** What came of many schedules. */
export type Check = {
  schedules: number
  /** Reads that the cache answered: without any, nothing would have been explored. */
  hits: number
  /** The simplest run that was found in which the statement does not hold, and what happened in it. */
  failed?: Seed & { report: string }
}

/** How to check a statement. */
export type CheckOptions = {
  engine: Engine
  statement: Statement
  schedules: number
  seed: number
  /** Only this run and those that are simpler. */
  path?: string
  /** Not until the simplest run is found. */
  endOnFailure?: boolean
  /** On top of those of the statement. */
  conditions?: Conditions
  createBackend?: ExploreOptions['createBackend']
  /** No new schedule is begun after so many milliseconds. */
  limitMilliseconds?: number
}

/** Runs a statement under so many schedules. @throws where a run fails by trouble of another kind */
export async function check(options: CheckOptions): Promise<Check> {
  const { engine, statement, schedules, seed, path, endOnFailure = false, createBackend } = options
  const conditions = { ...statement.conditions, ...options.conditions }
  let hits = 0
  const property = fc.asyncProperty(
    fc.scheduler(),
    statement.plans,
    async (scheduler: fc.Scheduler, plan: Plan) => {
      const findings: Findings = await explore({
        ...{ engine, scheduler, plan, conditions },
        ...(createBackend && { createBackend }),
      })
      hits += findings.hits
      return statement.holds(findings)
    },
  )
  const result = await fc.check(property, {
    ...{ numRuns: schedules, seed, endOnFailure },
    ...(path !== undefined && { path }),
    ...(options.limitMilliseconds && {
      interruptAfterTimeLimit: options.limitMilliseconds,
      markInterruptAsFailure: false,
    }),
  })
  if (!result.failed) return { schedules: result.numRuns, hits }
  if (!String(result.errorInstance).includes('Property failed by returning false'))
    throw new Error(`"${statement.name}" could not be explored (seed ${result.seed}).`, {
      cause: result.errorInstance,
    })
  return {
    schedules: result.numRuns,
    hits,
    failed: {
      seed: result.seed,
      path: result.counterexamplePath ?? '',
      report: String(result.counterexample?.[0]),
    },
  }
}
