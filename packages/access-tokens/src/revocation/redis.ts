import { Redis } from 'ioredis'
import type { Clock, Log } from '#src/ports.ts'
import type { Revocation, RevocationFeed } from './revocation.ts'

const stream = 'alicerce:revocations'
const blockMilliseconds = 5000
/** Longer than any access token lives, so that a late subscriber hears of all that is alive. */
const keepMilliseconds = 15 * 60_000
const retryMilliseconds = 250

/**
 * A feed over one Redis stream: what was published is there for whoever comes later, and a blocking read hears of the new at once.
 * While Redis is away the subscriber tries again; what it knows stays in force.
 */
export function createRedisRevocationFeed({
  url,
  clock = Date,
  log,
}: {
  url: string
  clock?: Clock
  log: Log
}): RevocationFeed {
  const connections = new Set<Redis>()
  const connect = () => {
    const redis = new Redis(url, {
      maxRetriesPerRequest: 1,
      enableOfflineQueue: true,
      retryStrategy: () => retryMilliseconds,
    })
    redis.on('error', (error) => log.warn({ error: error.message }, 'The revocation feed has lost Redis'))
    connections.add(redis)
    return redis
  }
  const publisher = connect()
  return {
    async publish(revocation) {
      const oldest = clock.now() - keepMilliseconds
      await publisher.xadd(stream, 'MINID', '~', oldest, '*', 'revocation', JSON.stringify(revocation))
    },
    async subscribe(listener) {
      const reader = connect()
      const position = await tellAlive(reader, listener).catch(() => '0')
      const following = follow(reader, position, listener)
      return {
        async close() {
          connections.delete(reader)
          reader.disconnect()
          await following
        },
      }
    },
    async close() {
      for (const redis of connections) redis.disconnect()
    },
  }
}

type Entry = [id: string, fields: string[]]

function tell(entries: Entry[], listener: (revocation: Revocation) => void): string | undefined {
  for (const [, fields] of entries) listener(JSON.parse(fields[1] as string))
  return entries.at(-1)?.[0]
}

async function tellAlive(reader: Redis, listener: (revocation: Revocation) => void): Promise<string> {
  return tell((await reader.xrange(stream, '-', '+')) as Entry[], listener) ?? '0'
}

async function follow(
  reader: Redis,
  from: string,
  listener: (revocation: Revocation) => void,
): Promise<void> {
  let position = from
  while (reader.status !== 'end') {
    try {
      const answer = (await reader.xread('BLOCK', blockMilliseconds, 'STREAMS', stream, position)) as
        | [string, Entry[]][]
        | null
      if (answer) position = tell(answer[0]?.[1] ?? [], listener) ?? position
    } catch {
      if ((reader.status as string) === 'end') return
      // An emptied Redis begins again at small ids only if its clock went back; reading from 0 repeats what is harmless to repeat.
      position = '0'
      await new Promise((resolve) => setTimeout(resolve, retryMilliseconds))
    }
  }
}
