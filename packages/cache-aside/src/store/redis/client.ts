import { Redis, type RedisOptions } from 'ioredis'
import type { Breaker, Passage } from '../breaker.ts'
import { StoreUnavailable } from '../cache-store.ts'

/** An argument of a command; binary safe. */
export type Argument = string | Buffer | number

/** The little that the store needs of a client of one Redis server. */
export type RedisClient = {
  /** Sends a command together with all others of this turn of the event loop. Rejects with `StoreUnavailable` within the deadline. */
  send(command: string, ...values: Argument[]): Promise<unknown>
  /** The same behind ASKING, for a server that is just being given the key's slot (Redis Cluster). */
  sendAsking(command: string, ...values: Argument[]): Promise<unknown>
  /** Asks for the bytes of a key: all keys of this turn in one command, and each of them once. `undefined`: nothing is there. */
  get(key: string): Promise<Buffer | undefined>
  close(): void
}

type Command = {
  name: string
  values: Argument[]
  resolve(reply: unknown): void
  reject(error: unknown): void
}

/** Who asked for a key and will be told. */
type Wanted = PromiseWithResolvers<Buffer | undefined>

/** More in one command would let everybody else wait for Redis. */
const usualKeysPerRead = 100

/** Commands that are sent together. To the breaker they are one call: one slow round trip of many commands is one failure. */
type Batch = { commands: Command[]; passage: Passage }

/**
 * What both kinds of connections have in common. Nothing is queued while there is no connection, and nothing is ever sent again by
 * itself: an `acquire` that is sent twice with one token could bring a killed lease back to life.
 */
export const connectionOptions = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 2000,
  disconnectTimeout: 200,
  retryStrategy: (attempt) => Math.min(25 * 2 ** Math.min(attempt, 6), 1000) * (0.75 + Math.random() / 2),
} satisfies RedisOptions

/** A connection that hears nothing for so long after a command is half open. */
const silentMilliseconds = 5000

/** A client on a connection of its own. A command fails when it takes longer than the deadline, counted from its sending. */
export function createRedisClient(options: {
  url: string
  deadlineMilliseconds: number
  breaker: Breaker
  /** How many keys one command may ask for. Default 100. */
  keysPerRead?: number
  /** Whether a replica in a cluster answers by itself instead of naming its primary. */
  readOnly?: boolean
  /** The connection was lost, or could not be made. */
  lost(): void
}): RedisClient {
  const {
    url,
    deadlineMilliseconds,
    breaker,
    keysPerRead = usualKeysPerRead,
    readOnly = false,
    lost,
  } = options
  const redis = new Redis(url, { ...connectionOptions, readOnly, socketTimeout: silentMilliseconds })
  redis.on('error', () => {}) // each command says so by itself
  redis.on('close', lost)
  let waiting: Batch | undefined
  let wanted = new Map<string, Wanted>()

  function openBatch(): Batch | undefined {
    if (redis.status !== 'ready') return undefined
    const passage = breaker.enter()
    if (!passage) return undefined
    setImmediate(flush)
    return { commands: [], passage }
  }

  function send(name: string, ...values: Argument[]): Promise<unknown> {
    waiting ??= openBatch()
    if (!waiting) return Promise.reject(noConnection())
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    waiting.commands.push({ name, values, resolve, reject })
    return promise
  }

  function flush(): void {
    const batch = waiting as Batch
    waiting = undefined
    const keys = [...wanted]
    wanted = new Map() // from here on nobody may join a question: it could be answered before he asked
    for (let from = 0; from < keys.length; from += keysPerRead) {
      batch.commands.push(readCommand(keys.slice(from, from + keysPerRead)))
    }
    exchange(redis, batch, deadlineMilliseconds)
  }

  return {
    send,
    sendAsking(name, ...values) {
      // Nothing comes between the two: they go in one batch, one after the other. If it is refused, so is what follows.
      send('ASKING').catch(() => {})
      return send(name, ...values)
    },
    get(key) {
      const underWay = wanted.get(key)
      if (underWay) return underWay.promise
      waiting ??= openBatch()
      if (!waiting) return Promise.reject(noConnection())
      const answer: Wanted = Promise.withResolvers()
      wanted.set(key, answer)
      return answer.promise
    },
    close: () => redis.disconnect(),
  }
}

const noConnection = () => new StoreUnavailable('There is no connection to Redis, or it failed of late.')

/**
 * One MGET costs half of what as many GETs do, for Redis and for us. It goes after the other commands of its turn: what it finds can only be
 * newer for that.
 */
function readCommand(keys: [string, Wanted][]): Command {
  return {
    name: 'MGET',
    values: keys.map(([key]) => key),
    resolve: (replies) =>
      keys.forEach(([, { resolve }], index) => {
        resolve((replies as (Buffer | null)[])[index] ?? undefined)
      }),
    reject(error) {
      for (const [, { reject }] of keys) reject(error)
    },
  }
}

/** Sends a batch and settles each of its commands, and the passage of all, exactly once. */
function exchange(redis: Redis, { commands, passage }: Batch, deadlineMilliseconds: number): void {
  const pipeline = redis.pipeline()
  for (const { name, values } of commands) pipeline.callBuffer(name, ...values)
  let over = false

  function giveUp(message: string, cause?: unknown): void {
    if (over) return
    over = true
    passage.failed()
    for (const { reject } of commands) reject(new StoreUnavailable(message, { cause }))
  }

  // After a pause of this process the timer comes first, although the replies are there: let them be read before giving up.
  const timer = setTimeout(
    () => setImmediate(giveUp, `Redis did not answer within ${deadlineMilliseconds} ms.`),
    deadlineMilliseconds,
  )
  pipeline.exec().then(
    (replies) => {
      clearTimeout(timer)
      const lost = replies?.find(([error]) => error && !isReply(error))?.[0]
      if (!replies || lost) return giveUp('The connection to Redis failed.', lost)
      if (over) return
      over = true
      passage.succeeded()
      replies.forEach(([error, reply], index) => {
        settle(commands[index] as Command, error, reply)
      })
    },
    (error) => {
      clearTimeout(timer)
      giveUp('The connection to Redis failed.', error)
    },
  )
}

/** A Redis that says "no" is alive. */
const isReply = (error: Error) => error.name === 'ReplyError'

function settle({ name, resolve, reject }: Command, error: Error | null, reply: unknown): void {
  if (error) reject(new StoreUnavailable(`Redis refused ${name}.`, { cause: error }))
  else resolve(reply)
}
