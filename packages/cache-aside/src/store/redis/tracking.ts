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
 */
export function trackPrefix(url: string, prefix: string, watcher: StoreWatcher): StoreWatch {
  const redis = new Redis(url, { ...connectionOptions, protocol: 2 })
  let attempt = 0
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
    await redis.ping()
    // This process slept: what it held may have been changed while it did.
    if (performance.now() - heardUpTo > trustedMilliseconds) watcher.reset()
    heardUpTo = sentAt
  }

  async function establish(): Promise<void> {
    const mine = ++attempt
    const id = await redis.client('ID')
    await redis.client('TRACKING', 'ON', 'REDIRECT', id, 'BCAST', 'PREFIX', prefix)
    await redis.subscribe(channel)
    const sentAt = performance.now()
    await redis.ping() // a barrier: what was pushed before has been heard
    if (mine !== attempt) return
    heardUpTo = sentAt
    watcher.reset()
    established = true
  }

  redis.on('error', () => {})
  redis.on('close', lost)
  redis.on('connect', () => {
    heardUpTo = performance.now()
  })
  redis.on('ready', () => void establish().catch(lost))
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
