import { Redis } from 'ioredis'
import type { StoreWatch, StoreWatcher } from '../cache-store.ts'
import { connectionOptions } from './client.ts'

const channel = '__redis__:invalidate'
const pingMilliseconds = 1000
const deadMilliseconds = 2000
/** Longest time for which a push may be late without anybody noticing: a PING and its patience. */
const trustedMilliseconds = pingMilliseconds + deadMilliseconds

/**
 * Hears of every change under a prefix by client tracking in broadcast mode, on a connection of its own. The client does not pass the
 * pushes of RESP3 on, so the connection speaks RESP2 and redirects them to itself.
 */
export function trackPrefix(url: string, prefix: string, watcher: StoreWatcher): StoreWatch {
  const redis = new Redis(url, { ...connectionOptions, protocol: 2 })
  let attempt = 0
  let established = false
  let heardAt = performance.now()

  function lost(): void {
    attempt++
    if (!established) return
    established = false
    watcher.reset()
  }

  function heard(): void {
    const now = performance.now()
    // This process slept: what it held may have been changed while it did.
    if (now - heardAt > trustedMilliseconds) watcher.reset()
    heardAt = now
  }

  async function establish(): Promise<void> {
    const mine = ++attempt
    const id = await redis.client('ID')
    await redis.client('TRACKING', 'ON', 'REDIRECT', id, 'BCAST', 'PREFIX', prefix)
    await redis.subscribe(channel)
    await redis.ping() // a barrier: what was pushed before has been heard
    if (mine !== attempt) return
    heardAt = performance.now()
    watcher.reset()
    established = true
  }

  redis.on('error', () => {})
  redis.on('close', lost)
  redis.on('connect', () => {
    heardAt = performance.now()
  })
  redis.on('ready', () => void establish().catch(lost))
  redis.on('messageBuffer', (_channel: Buffer, keys: unknown) => {
    if (Array.isArray(keys)) for (const key of keys) watcher.changed(String(key))
    else watcher.reset() // null: everything was flushed
  })

  const pulse = setInterval(() => {
    if (redis.status !== 'ready' && redis.status !== 'connect') return
    if (performance.now() - heardAt > deadMilliseconds) {
      lost()
      redis.disconnect(true)
    } else if (established) redis.ping().then(heard, () => {})
  }, pingMilliseconds)

  return {
    get live() {
      return established && performance.now() - heardAt < trustedMilliseconds
    },
    close() {
      clearInterval(pulse)
      lost()
      redis.disconnect()
    },
  }
}
