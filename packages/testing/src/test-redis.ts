import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { startRedis } from '@alicerce/local-infrastructure'
import { currentRun, randomName, redisDatabases } from './run.ts'

/**
 * The URL of an empty numbered database on the Redis of this run; each call gives another one. Keys are apart, but pub/sub channels
 * are one for the whole server, so give those a name of the test's own.
 */
export function testRedisUrl(): string {
  const { directory, redisUrl } = currentRun()
  for (let number = 1; number < redisDatabases; number++) {
    if (claim(join(directory, `redis-database-${number}`))) return `${redisUrl}/${number}`
  }
  throw new Error(`All ${redisDatabases} databases of the test run's Redis are taken.`)
}

/** A file that only one process can make decides between test processes. */
function claim(file: string): boolean {
  try {
    closeSync(openSync(file, 'wx'))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** A Redis of one test's own, to be hurt. */
export type TestRedis = {
  /** The same before and after a restart. */
  readonly url: string
  /** Ends it as a crash does: what is not on disk is lost. */
  kill(): Promise<void>
  /** Starts it again on the same port. */
  restart(): Promise<void>
  /** Makes it answer nothing while its connections stay open. */
  freeze(): void
  resume(): void
  stop(): Promise<void>
}

/**
 * Starts a Redis of the test's own. With `persistent` its data is still there after {@link TestRedis.restart}. With `replicaOf` it follows the
 * Redis at that URL.
 */
export async function createTestRedis({
  persistent = false,
  replicaOf,
}: {
  persistent?: boolean
  replicaOf?: string
} = {}): Promise<TestRedis> {
  const directory = join(currentRun().directory, `redis-${randomName()}`)
  const { hostname, port: primaryPort } = new URL(replicaOf ?? 'redis://nobody')
  const settings: Record<string, string> = replicaOf ? { replicaof: `${hostname} ${primaryPort}` } : {}
  let redis = await startRedis({ directory, persistent, settings })
  const { port, url } = redis
  return {
    url,
    async kill() {
      process.kill(redis.pid, 'SIGKILL')
      await redis.stop()
    },
    async restart() {
      await redis.stop()
      redis = await startRedis({ directory, persistent, settings, port })
    },
    freeze: () => void process.kill(redis.pid, 'SIGSTOP'),
    resume: () => void process.kill(redis.pid, 'SIGCONT'),
    stop: () => redis.stop(),
  }
}
