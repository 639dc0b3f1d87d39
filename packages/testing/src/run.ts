import { randomBytes } from 'node:crypto'

/** What the global set-up of a test run hands to its test processes. */
export type TestRun = {
  /** Folder of this run; thrown away at its end. */
  directory: string
  postgresUrl: string
  redisUrl: string
  /** Password of the roles that own and use the test databases. */
  password: string
}

const variable = 'ALICERCE_TEST_RUN'

/** Hands the run to all processes that are started from now on. */
export function announceRun(run: TestRun): void {
  process.env[variable] = JSON.stringify(run)
}

/** The run that this process is a part of. */
export function currentRun(): TestRun {
  const run = process.env[variable]
  if (!run)
    throw new Error(
      'No PostgreSQL and Redis were started for these tests: run them by vitest from the root, whose configuration names packages/testing/src/global-setup.ts.',
    )
  return JSON.parse(run)
}

/** The two roles of every test database, as in production: one owns and migrates, one serves. */
export const roles = { owner: 'test_owner', runtime: 'test_runtime' }

/** The database that test databases are copied from. */
export const templateDatabase = 'test_template'

/** How many numbered databases the Redis of a run has. */
export const redisDatabases = 4096

export const randomName = () => randomBytes(6).toString('hex')
