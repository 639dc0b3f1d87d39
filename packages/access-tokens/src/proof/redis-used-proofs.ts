import { Redis } from 'ioredis'
import type { Clock, Log } from '#src/ports.ts'
import { createInProcessUsedProofs, type UsedProofs } from './used-proofs.ts'

const commandMilliseconds = 500

/** The proofs that all processes have seen. While Redis is away, what this process itself has seen is still refused. */
export function createRedisUsedProofs({
  url,
  clock = Date,
  log,
}: {
  url: string
  clock?: Clock
  log: Log
}): UsedProofs {
  const seenHere = createInProcessUsedProofs({ clock })
  const redis = new Redis(url, {
    commandTimeout: commandMilliseconds,
    socketTimeout: commandMilliseconds,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2000),
  })
  redis.on('error', (error) => log.warn({ error }, 'The used proofs have no connection to Redis'))

  async function useInRedis(id: string, milliseconds: number) {
    try {
      const stored = await redis.set(`alicerce:proofs:${id}`, '1', 'PX', milliseconds, 'NX')
      return stored === 'OK' ? 'first' : 'again'
    } catch {
      // The connection itself logs what is wrong with it.
      return 'unknown'
    }
  }

  return {
    async use(id, milliseconds) {
      const here = await seenHere.use(id, milliseconds)
      return here === 'again' ? here : useInRedis(id, milliseconds)
    },
    async close() {
      redis.disconnect()
      await seenHere.close()
    },
  }
}
