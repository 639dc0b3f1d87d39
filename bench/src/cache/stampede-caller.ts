import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis-6'
import { subjects } from './subjects.ts'

// One process of a stampede: at each message it asks fifty times at once for a key that is nowhere. The loader counts in Redis.

const [name, redisUrl] = process.argv.slice(2) as [string, string]
const callers = 50
const counter = new Redis(redisUrl)
const subject = await subjects[name]?.({
  redisUrl,
  levels: 'memory and Redis',
  async load(id) {
    await counter.incr(`loads-of-${id}`)
    await sleep(50)
    return { id, version: 1, text: '' }
  },
})

process.on('message', async (round: number) => {
  const reads = Array.from({ length: callers }, () => subject?.read(`cold-${round}`))
  await Promise.all(reads)
  process.send?.('done')
})
process.send?.('ready')
