import { readdirSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { grantDatabase, removePostgres, startPostgres, startRedis } from '@alicerce/local-infrastructure'
import pg from 'pg'
import { announceRun, randomName, redisDatabases, roles, type TestRun, templateDatabase } from './run.ts'

/** How the servers of a run behave. */
export type ServersOptions = {
  /** Whether what is committed survives a crash, as in production. Default: no, tests need speed only. */
  durable?: boolean
}

const fast = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
}

/** A test can ask when a transaction was committed (`pg_xact_commit_timestamp`). */
const commitTimes = { track_commit_timestamp: 'on' }

const runsFolder = join(import.meta.dirname, '../../../.alicerce/test-runs')

/** Starts one PostgreSQL and one Redis, from which test databases are made, for this process and those that it starts. Returns what stops them. */
export async function startTestServers({
  durable = false,
}: ServersOptions = {}): Promise<() => Promise<void>> {
  await removeDeadRuns()
  const directory = join(runsFolder, String(process.pid))
  await mkdir(directory, { recursive: true })
  const stops: (() => Promise<void>)[] = [() => removeRun(directory)]
  const tearDown = async () => {
    for (const stop of stops.reverse()) await stop()
  }
  try {
    const postgres = await startPostgres({
      directory: join(directory, 'postgres'),
      settings: { ...commitTimes, ...(durable ? {} : fast) },
    })
    stops.push(postgres.stop)
    const redis = await startRedis({
      directory: join(directory, 'redis'),
      persistent: false,
      databases: redisDatabases,
    })
    stops.push(redis.stop)
    const run = { directory, postgresUrl: postgres.superuserUrl, redisUrl: redis.url, password: randomName() }
    await createTemplate(run)
    announceRun(run)
  } catch (error) {
    await tearDown()
    throw error
  }
  return tearDown
}

async function createTemplate({ postgresUrl, password }: TestRun): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl })
  await client.connect()
  for (const role of [roles.owner, roles.runtime])
    await client.query(`create role ${role} login password ${client.escapeLiteral(password)}`)
  await client.query(`create database ${templateDatabase} owner ${roles.owner}`)
  await client.end()
  await grantDatabase({ superuserUrl: postgresUrl, name: templateDatabase, ...roles })
}

/** A killed run cannot throw its folder away, so the next one does. The servers of a killed run have ended with it. */
async function removeDeadRuns(): Promise<void> {
  await mkdir(runsFolder, { recursive: true })
  const dead = readdirSync(runsFolder).filter((pid) => !isAlive(Number(pid)))
  await Promise.all(dead.map((pid) => removeRun(join(runsFolder, pid))))
}

async function removeRun(directory: string): Promise<void> {
  await removePostgres({ directory: join(directory, 'postgres') })
  await rm(directory, { recursive: true, force: true })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
