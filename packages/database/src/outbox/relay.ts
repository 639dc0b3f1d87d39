import { sql } from 'kysely'
import type { Database } from '#src/database.ts'
import type { Log } from '#src/log.ts'
import { deliverBatch, type Handler } from './batch.ts'
import { type Listener, listenForMessages } from './listener.ts'

/** Delivers the messages of an outbox, independently of the requests that wrote them. */
export type Relay = {
  /** Begins; what an earlier process left is delivered first. */
  start(): Promise<void>
  /** Ends when the batch at work has ended. */
  stop(): Promise<void>
}

/** What a relay needs. */
export type RelayOptions<Schema> = {
  database: Database<Schema>
  /** The same database; one connection of its own listens there. */
  url: string
  /** Who delivers which topic. Topics without a handler are left to other relays. */
  handlers: Readonly<Record<string, Handler>>
  log: Log
  /**
   * Topics whose messages fail because what they are delivered to is away, not because of the message: never parked, no failure counted;
   * the whole topic rests for a moment, then everything is tried again.
   */
  insistent?: readonly string[]
  /** How often to look even if nothing was heard. Default 1000. */
  pollMilliseconds?: number
  /** After so many failures a message is parked. Default 20, which is more than an hour. */
  maximumAttempts?: number
  /** How long to wait after the n-th failure, counted from 1. Default: doubling from half a second up to ten minutes, with jitter. */
  backOff?: (failures: number) => number
}

const keepDeliveredHours = 24
/** How long an insistent topic rests, more or less a half. */
const restMilliseconds = 250
const purgeMilliseconds = 600_000

/**
 * Makes a relay. It delivers at least once, in order for each topic and key, and several may run on one outbox. A message that keeps
 * failing is parked (`parked_at`, and an error in the log), then the later ones of its key go on; clearing `parked_at` and
 * `attempts` has it tried again. Delivered messages are removed after a day.
 */
export function createRelay<Schema>(options: RelayOptions<Schema>): Relay {
  const { url, handlers, log, pollMilliseconds = 1000, maximumAttempts = 20, backOff = exponential } = options
  const database = options.database as Database<unknown>
  const insistent = new Set(options.insistent)
  const rests = createRests(Object.keys(handlers))
  const bell = createBell()
  let stopped = false
  let listener: Listener | undefined
  let running: Promise<void> | undefined
  let purgedAt = 0

  async function run(): Promise<void> {
    while (!stopped) {
      if ((await deliverSome()) > 0) continue
      await purgeSometimes().catch((error) => log.warn({ error }, 'The outbox could not be purged'))
      if (!stopped) await bell.heardWithin(Math.min(pollMilliseconds, rests.next()))
    }
  }

  /** How many messages were looked at. */
  async function deliverSome(): Promise<number> {
    const topics = rests.awake()
    if (topics.length === 0) return 0
    try {
      const batch = { handlers, topics, insistent, maximumAttempts, backOff, log }
      const { messages, refused } = await deliverBatch(database, batch)
      for (const topic of topics) {
        if (!refused.has(topic)) rests.end(topic)
        else if (rests.begin(topic)) {
          const fields = { topic, error: refused.get(topic) }
          log.warn(fields, 'Outbox messages cannot be delivered now: they are tried on and on')
        }
      }
      return messages
    } catch (error) {
      log.warn({ error }, 'The outbox could not be read')
      return 0
    }
  }

  async function purgeSometimes(): Promise<void> {
    if (performance.now() - purgedAt < purgeMilliseconds) return
    purgedAt = performance.now()
    await sql`
      delete from outbox
      where delivered_at < now() - ${keepDeliveredHours} * interval '1 hour'`.execute(database.query)
  }

  return {
    async start() {
      if (running) return
      listener = listenForMessages({ url, wake: bell.ring, log })
      running = run()
    },
    async stop() {
      stopped = true
      bell.ring()
      await running
      await listener?.close()
    },
  }
}

const exponential = (failures: number) =>
  Math.min(500 * 2 ** (failures - 1), 600_000) * (0.5 + Math.random() / 2)

/** Which topics are left alone for a moment. */
function createRests(topics: readonly string[]) {
  const until = new Map<string, number>()
  return {
    /** Whether it is the first rest of a row. */
    begin(topic: string): boolean {
      const isFirst = !until.has(topic)
      until.set(topic, performance.now() + restMilliseconds * (0.5 + Math.random()))
      return isFirst
    },
    /** It works again. */
    end: (topic: string) => void until.delete(topic),
    awake: () => topics.filter((topic) => (until.get(topic) ?? 0) <= performance.now()),
    /** In how many milliseconds the next one wakes. */
    next(): number {
      const now = performance.now()
      return Math.min(...[...until.values()].map((end) => end - now).filter((left) => left > 0))
    },
  }
}

/** Remembers a ring until somebody listens, so that none is lost between two looks at the outbox. */
function createBell() {
  let rung = false
  let answer: (() => void) | undefined
  return {
    ring() {
      rung = true
      answer?.()
    },
    async heardWithin(milliseconds: number): Promise<void> {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds)
          answer = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      answer = undefined
      rung = false
    },
  }
}
