import { Redis } from 'ioredis'
import type { DomainEvent, Log } from './event-bus.ts'
import type { Entry } from './worker.ts'

/** The stream that holds the events, and the one that holds those whose handler kept failing. */
const eventStream = 'alicerce:events'
const parkedStream = `${eventStream}:parked`

/** About how many events the streams hold before the oldest are dropped. */
const heldEvents = 100_000
const heldParkedEvents = 10_000

const timeoutMilliseconds = 5000
/** How long a read waits for events. Bounds how long closing takes. */
const blockMilliseconds = 500
const readAtOnce = 50
/** Longer than any live member is silent, or any setting of when one counts as dead. */
const deadMilliseconds = 3_600_000

/** A raw entry of a stream: its id, then its field names and values in turn; no fields when it was trimmed away meanwhile. */
export type RawEntry = [id: string, fields: string[] | null]

/** Connects, and keeps connecting again. Commands fail at once when the link breaks, and in five seconds when Redis is silent. */
export function connectRedis(url: string, log: Log): Redis {
  const redis = new Redis(url, {
    commandTimeout: timeoutMilliseconds,
    socketTimeout: timeoutMilliseconds,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2000),
  })
  redis.on('error', (error) => log.warn({ error }, 'The event bus has no connection to Redis'))
  return redis
}

export async function appendEvent(redis: Redis, event: DomainEvent): Promise<void> {
  await redis.xadd(eventStream, 'MAXLEN', '~', heldEvents, '*', 'event', JSON.stringify(event))
}

/** Makes the group, beginning with the oldest event held, unless it exists. */
export async function ensureGroup(redis: Redis, group: string): Promise<void> {
  try {
    await redis.xgroup('CREATE', eventStream, group, '0', 'MKSTREAM')
  } catch (error) {
    if (!isReply(error, 'BUSYGROUP')) throw error
  }
}

/** Whether Redis has lost the group, after a restart without its data for example. */
export const isGroupMissing = (error: unknown) => isReply(error, 'NOGROUP')

const isReply = (error: unknown, code: string) => error instanceof Error && error.message.startsWith(code)

/** Waits half a second for events new to the group, or returns at once those that this member was given but never received. */
export async function readEvents(redis: Redis, member: Member, which: 'new' | 'given'): Promise<RawEntry[]> {
  const { group, consumer } = member
  const reply =
    which === 'new'
      ? await redis.xreadgroup(
          'GROUP',
          group,
          consumer,
          'COUNT',
          readAtOnce,
          'BLOCK',
          blockMilliseconds,
          'STREAMS',
          eventStream,
          '>',
        )
      : await redis.xreadgroup('GROUP', group, consumer, 'COUNT', 1000, 'STREAMS', eventStream, '0')
  return (reply as [string, RawEntry[]][] | null)?.[0]?.[1] ?? []
}

/** Takes over the entries that other members, dead or stuck, have not touched for so long. */
export async function claimAbandoned(
  redis: Redis,
  member: Member,
  idleMilliseconds: number,
): Promise<RawEntry[]> {
  const reply = await redis.xautoclaim(
    ...([eventStream, member.group, member.consumer, idleMilliseconds, '0-0', 'COUNT', readAtOnce] as const),
  )
  return (reply as [string, RawEntry[]])[1]
}

/** Tells the group that this member still works on these entries. */
export async function keepClaim(redis: Redis, member: Member, ids: string[]): Promise<void> {
  if (ids.length > 0) await redis.xclaim(eventStream, member.group, member.consumer, 0, ...ids, 'JUSTID')
}

export async function acknowledge(redis: Redis, { group }: Member, ids: string[]): Promise<void> {
  if (ids.length > 0) await redis.xack(eventStream, group, ...ids)
}

/** Parked first, acknowledged second: a crash between the two parks it twice and loses nothing. */
export async function parkEvent(
  redis: Redis,
  member: Member,
  { id, event }: Entry,
  error: unknown,
): Promise<void> {
  const reason = error instanceof Error ? error.message : String(error)
  const fields = { group: member.group, error: reason, event: JSON.stringify(event) }
  await redis.xadd(parkedStream, 'MAXLEN', '~', heldParkedEvents, '*', ...Object.entries(fields).flat())
  await acknowledge(redis, member, [id])
}

/** Strikes a member from its group. What is still in its name would be lost with it, so that is left to the others at once instead. */
export async function leaveGroup(redis: Redis, { group, consumer }: Member): Promise<void> {
  const pending = (await redis.xpending(eventStream, group, '-', '+', 1000, consumer)) as [id: string][]
  if (pending.length === 0) return void (await redis.xgroup('DELCONSUMER', eventStream, group, consumer))
  const ids = pending.map(([id]) => id)
  await redis.xclaim(eventStream, group, consumer, 0, ...ids, 'IDLE', deadMilliseconds, 'JUSTID')
}

/** A killed member leaves its name behind. A live one reads twice a second. */
export async function forgetDeadMembers(redis: Redis, group: string): Promise<void> {
  const members = (await redis.xinfo('CONSUMERS', eventStream, group)) as (string | number)[][]
  for (const fields of members) {
    const of = (name: string) => fields[fields.indexOf(name) + 1]
    const isDead = of('pending') === 0 && Number(of('idle')) > deadMilliseconds
    if (isDead) await redis.xgroup('DELCONSUMER', eventStream, group, String(of('name')))
  }
}

/** One reader within a group; its name is its own, so that what it was given can be told from what others were. */
export type Member = { group: string; consumer: string }

/** The event of a raw entry; undefined where the stream has dropped it or it is none of ours. */
export function decode([id, fields]: RawEntry): Entry | undefined {
  const text = fields?.[fields.indexOf('event') + 1]
  try {
    return text ? { id, event: JSON.parse(text) } : undefined
  } catch {
    return undefined
  }
}
