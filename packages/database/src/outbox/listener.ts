import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Log } from '#src/log.ts'
import { outboxChannel } from './migration.ts'

/** A connection that hears of new messages. */
export type Listener = { close(): Promise<void> }

const reconnectMilliseconds = 1000

/**
 * Calls `wake` whenever a transaction with messages commits, and after each (re)connection, because what was said in between was
 * not heard. It never gives up: without it the relay still polls.
 */
export function listenForMessages(options: { url: string; wake: () => void; log: Log }): Listener {
  const { url, wake, log } = options
  const closing = new AbortController()
  let client: pg.Client | undefined

  async function listenOnce(): Promise<void> {
    client = new pg.Client({ connectionString: url, application_name: 'outbox-listener', keepAlive: true })
    const ended = new Promise((resolve) => client?.once('end', resolve))
    client.on('error', (error) => log.warn({ error }, 'The outbox listener lost its connection'))
    client.on('notification', wake)
    await client.connect()
    await client.query(`listen ${outboxChannel}`)
    wake()
    await ended
  }

  async function listenUntilClosed(): Promise<void> {
    while (!closing.signal.aborted) {
      await listenOnce().catch((error) => log.warn({ error }, 'The outbox listener cannot connect'))
      await sleep(reconnectMilliseconds, undefined, { signal: closing.signal }).catch(() => {})
    }
  }

  const listening = listenUntilClosed()
  return {
    async close() {
      closing.abort()
      await client?.end().catch(() => {})
      await listening
    },
  }
}
