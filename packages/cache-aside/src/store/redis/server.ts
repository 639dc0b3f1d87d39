import type { Watermark } from '../cache-store.ts'
import type { RedisClient } from './client.ts'
import { evaluate } from './key-commands.ts'
import { moveWatermarkScript, readWatermarkScript } from './scripts.ts'

/** What one server says of itself, apart from keys. */

/** The watermark in this run of the server. */
export async function readWatermark(server: RedisClient, key: string): Promise<Watermark> {
  const reply = await evaluate(server.send, readWatermarkScript, key)
  const [run, now, at] = reply as [Buffer, number, Buffer | null]
  return { run: String(run), now, at: at === null ? undefined : Number(at) }
}

/** `false`: this is another run by now. */
export const moveWatermark = async (
  server: RedisClient,
  key: string,
  { run }: Watermark,
  at: number,
): Promise<boolean> => (await evaluate(server.send, moveWatermarkScript, key, run, Math.floor(at))) === 1

/** How many keys it has dropped for want of memory since it began; `undefined`: it does not say. */
export async function evictedKeys(server: RedisClient): Promise<number | undefined> {
  const found = /^evicted_keys:(\d+)/m.exec(String(await server.send('INFO', 'stats')))
  return found ? Number(found[1]) : undefined
}
