import { join } from 'node:path'
import { Redis } from 'ioredis-6'
import { startPeer } from '#src/measure/peer.ts'

const processes = 2
const rounds = 20

/** How often a cold key is loaded when two processes ask for it fifty times each, at the same moment: the mean and the most of twenty keys. */
export async function measureStampede(
  name: string,
  redisUrl: string,
): Promise<{ mean: number; most: number }> {
  const script = join(import.meta.dirname, 'stampede-caller.ts')
  const callers = await Promise.all(
    Array.from({ length: processes }, () => startPeer(script, name, redisUrl)),
  )
  const redis = new Redis(redisUrl)
  try {
    const loads: number[] = []
    for (let round = 0; round < rounds; round++) {
      await Promise.all(callers.map((caller) => caller.ask(round)))
      loads.push(Number(await redis.get(`loads-of-cold-${round}`)))
    }
    return { mean: loads.reduce((sum, count) => sum + count) / rounds, most: Math.max(...loads) }
  } finally {
    await redis.flushdb()
    redis.disconnect()
    await Promise.all(callers.map((caller) => caller.stop()))
  }
}
