import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  findRedis,
  provisionDatabases,
  removePostgres,
  startPostgres,
  startRedis,
} from '@alicerce/local-infrastructure'
import type { Run } from './environment.ts'
import type { Ports } from './ports.ts'
import type { Progress } from './progress.ts'
import { loadSecrets } from './secrets.ts'

/** PostgreSQL and Redis of this run, and how to speak of them to the person who started it. */
export type Infrastructure = {
  databaseUrl: Run['databaseUrl']
  redisUrl: string | undefined
  postgres: string
  redis: string
}

type Options = {
  dataFolder: string
  ports: Ports
  progress: Progress
  /** Told how to stop each server as soon as it runs, so that a failing start leaves none behind. */
  onStarted: (stop: () => Promise<void>) => void
}

/** Starts PostgreSQL and Redis side by side, and makes sure that the roles and databases exist. */
export async function startInfrastructure(options: Options): Promise<Infrastructure> {
  const [postgres, redis] = await Promise.all([providePostgres(options), provideRedis(options)])
  return { ...postgres, ...redis }
}

async function providePostgres({ dataFolder, ports, progress, onStarted }: Options) {
  const secrets = await loadSecrets(join(dataFolder, 'secrets.json'))
  const postgres = await progress.step('PostgreSQL', async () => {
    const started = await startPostgres({
      directory: join(dataFolder, 'postgres'),
      port: ports.postgres,
      progress: progress.note,
    })
    onStarted(started.stop)
    await provisionDatabases(started.superuserUrl, secrets.databasePasswords)
    return started
  })
  if (postgres.recovered) progress.note('The last run was killed: PostgreSQL has recovered its data')
  const databaseUrl: Run['databaseUrl'] = (database, role) =>
    postgres.url(database, role, secrets.databasePasswords[role])
  return { databaseUrl, postgres: postgres.directory }
}

async function provideRedis({ dataFolder, ports, progress, onStarted }: Options) {
  if (process.env.REDIS_URL) return { redisUrl: process.env.REDIS_URL, redis: 'the one at REDIS_URL' }
  if (!findRedis())
    return {
      redisUrl: undefined,
      redis: 'none on PATH: drivers in this process play its part, for one process only',
    }
  const directory = join(dataFolder, 'redis')
  const redis = await progress.step('Redis', () =>
    startRedis({ directory, port: ports.redis, persistent: true }),
  )
  onStarted(redis.stop)
  return { redisUrl: redis.url, redis: `${directory}, port ${ports.redis}` }
}

/** Throws all data and secrets in `dataFolder` away, wherever PostgreSQL keeps its part. Nothing may run on them. */
export async function removeData(dataFolder: string): Promise<void> {
  await removePostgres({ directory: join(dataFolder, 'postgres') })
  for (const name of ['redis', 'secrets.json'])
    await rm(join(dataFolder, name), { recursive: true, force: true })
}
