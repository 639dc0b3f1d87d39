import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { Clock, Log } from '#src/ports.ts'
import { parseRevocation, type Revocation, type RevocationFeed } from './revocation.ts'

const stream = 'alicerce:revocations'
/** About how many revocations are held. Each lives as long as an access token does, some minutes. */
const heldRevocations = 100_000
const commandMilliseconds = 5000
/** How long a read waits for news before it asks again: a link that died silently is noticed in this time. */
const blockMilliseconds = 2000
const retryMilliseconds = 200
const readAtOnce = 1000

type Entry = [id: string, fields: string[]]

/**
 * A feed over a Redis stream: a subscriber reads it from its beginning, then waits for more. After a lost link it reads all of it
 * again, so that nothing is missed, also when Redis came back empty and was filled again.
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
  const publisher = connect(url, log)
  const readers = new Set<Reader>()

  return {
    async publish(revocation) {
      const fields = ['revocation', JSON.stringify(revocation)] as const
      await publisher.xadd(stream, 'MAXLEN', '~', heldRevocations, '*', ...fields)
    },
    async subscribe(listener) {
      const deliver = (revocation: Revocation) => {
        if (revocation.expiresAt > clock.now() / 1000) listener(revocation)
      }
      const reader = startReader(connect(url, log), deliver)
      readers.add(reader)
      await reader.firstRead
      return {
        async close() {
          readers.delete(reader)
          await reader.close()
        },
      }
    },
    silentMilliseconds: () => Math.max(0, ...[...readers].map((reader) => reader.silentMilliseconds())),
    async close() {
      publisher.disconnect()
      await Promise.all([...readers].map((reader) => reader.close()))
      readers.clear()
    },
  }
}

type Reader = { firstRead: Promise<void>; silentMilliseconds(): number; close(): Promise<void> }

function startReader(redis: Redis, deliver: (revocation: Revocation) => void): Reader {
  const { promise: firstRead, resolve: haveRead } = Promise.withResolvers<void>()
  let closed = false
  let connected = false
  let heardAt = Number.NEGATIVE_INFINITY
  const finished = run()

  async function run(): Promise<void> {
    let position = '0-0'
    while (!closed) {
      try {
        const entries = await read(redis, position, connected)
        for (const [id, fields] of entries) {
          const revocation = parseRevocation(fields[1] ?? '')
          if (revocation) deliver(revocation)
          position = id
        }
        connected = entries.length < readAtOnce
        if (connected) {
          heardAt = performance.now()
          haveRead()
        }
      } catch {
        // The connection itself logs what is wrong with it.
        connected = false
        position = '0-0'
        haveRead()
        await sleep(retryMilliseconds)
      }
    }
  }

  return {
    firstRead,
    silentMilliseconds: () => performance.now() - heardAt,
    async close() {
      closed = true
      redis.disconnect()
      await finished
    },
  }
}

/** Once everything held has been read, a read waits for what comes. */
async function read(redis: Redis, position: string, wait: boolean): Promise<Entry[]> {
  const reply = wait
    ? await redis.xread('COUNT', readAtOnce, 'BLOCK', blockMilliseconds, 'STREAMS', stream, position)
    : await redis.xread('COUNT', readAtOnce, 'STREAMS', stream, position)
  return (reply as [string, Entry[]][] | null)?.[0]?.[1] ?? []
}

function connect(url: string, log: Log): Redis {
  const redis = new Redis(url, {
    commandTimeout: commandMilliseconds,
    socketTimeout: commandMilliseconds,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2000),
  })
  redis.on('error', (error) => log.warn({ error }, 'The revocation feed has no connection to Redis'))
  return redis
}
