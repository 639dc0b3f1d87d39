import { Redis } from 'ioredis'
import { StoreUnavailable, type StoreWatch, type StoreWatcher } from '../cache-store.ts'
import { connectionOptions } from './client.ts'

const channel = '__redis__:invalidate'
const pingMilliseconds = 1000
const deadMilliseconds = 2000
/** Longest time for which a push may be late without anybody noticing: a PING, and the patience with it. */
const trustedMilliseconds = pingMilliseconds + deadMilliseconds

/**
 * Hears of every change under a prefix by client tracking in broadcast mode, on a connection of its own. The client does not pass the
 * pushes of RESP3 on, so the connection speaks RESP2 and redirects them to itself.
 *
 * `serves` rejects unless the server is still the one on which changes are made: one that became a replica goes on answering PING, and hears
 * of changes late or never.
 */
export function trackPrefix(options: {
  url: string
  prefix: string
  watcher: StoreWatcher
  serves?: () => Promise<unknown>
}): StoreWatch {
  const { url, prefix, watcher, serves = async () => {} } = options
  const redis = new Redis(url, { ...connectionOptions, protocol: 2 })
  let attempt = 0
  /** Whether this connection has been asked to bring changes, which can be done once. */
  let tracking = false
  let established = false
  /** When the PING was sent that was answered last: every push before that moment has been heard. */
  let heardUpTo = performance.now()

  function lost(): void {
    attempt++
    if (!established) return
    established = false
    watcher.reset()
  }

  async function ping(): Promise<void> {
    const sentAt = performance.now()
    await Promise.all([redis.ping(), serves()])
    // This process slept: what it held may have been changed while it did.
    if (performance.now() - heardUpTo > trustedMilliseconds) watcher.reset()
    heardUpTo = sentAt
  }

  async function establish(): Promise<void> {
    const mine = ++attempt
    await serves()
    const id = await redis.client('ID')
    tracking = true
    await redis.client('TRACKING', 'ON', 'REDIRECT', id, 'BCAST', 'PREFIX', prefix)
    await redis.subscribe(channel)
    const sentAt = performance.now()
    await redis.ping() // a barrier: what was pushed before has been heard
    if (mine !== attempt) return
    heardUpTo = sentAt
    watcher.reset()
    established = true
  }

  function tryToEstablish(): void {
    establish().catch(lost)
  }

  redis.on('error', () => {})
  redis.on('close', () => {
    tracking = false
    lost()
  })
  redis.on('connect', () => {
    heardUpTo = performance.now()
  })
  redis.on('ready', tryToEstablish)
  redis.on('messageBuffer', (_channel: Buffer, keys: unknown) => {
    if (Array.isArray(keys)) for (const key of keys) watcher.changed(String(key))
    else watcher.reset() // null: everything was flushed
  })

  const pulse = setInterval(() => {
    if (redis.status !== 'ready' && redis.status !== 'connect') return
    if (performance.now() - heardUpTo > trustedMilliseconds) {
      lost()
      redis.disconnect(true)
    } else if (established) ping().catch(() => {})
    else if (redis.status === 'ready' && !tracking) tryToEstablish()
  }, pingMilliseconds)

  return {
    get live() {
      return established && performance.now() - heardUpTo < trustedMilliseconds
    },
    async barrier() {
      if (!established) throw new StoreUnavailable('The store is not watched at the moment.')
      const mine = attempt
      await ping()
      if (mine !== attempt) throw new StoreUnavailable('The watch over the store was lost.')
    },
    close() {
      clearInterval(pulse)
      lost()
      redis.disconnect()
    },
  }
}
