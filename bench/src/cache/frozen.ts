import { setTimeout as sleep } from 'node:timers/promises'
import { createTestRedis } from '@alicerce/testing'
import { quantile } from '#src/measure/statistics.ts'
import type { Subject, SubjectOptions } from './subject.ts'

const loadMilliseconds = 5
const reads = 1000
const readers = 4
/** After it the benchmark stops waiting for a read. */
const patience = 3000

const load = async (id: string) => {
  await sleep(loadMilliseconds)
  return { id, version: 1, text: '' }
}

/** What reads of cold keys take while Redis is stopped and its connections stay open, milliseconds. `Infinity`: longer than three seconds. */
export async function measureFrozen(make: (options: SubjectOptions) => Promise<Subject>) {
  const redis = await createTestRedis()
  const subject = await make({ redisUrl: redis.url, levels: 'Redis', load })
  try {
    await subject.read('warm')
    redis.freeze()
    const first = await timed(() => subject.read('cold'))
    if (first === Number.POSITIVE_INFINITY) return { first, p50: first, p99: first }
    const milliseconds = await readMany((number) => subject.read(`cold-${number}`))
    return { first, p50: quantile(milliseconds, 0.5), p99: quantile(milliseconds, 0.99) }
  } finally {
    redis.resume()
    await subject.close()
    await redis.stop()
  }
}

/** The 99th percentile of a wait of `deadline` milliseconds and a load after it, called in the same way: timers and loads are late here too. */
export async function measureDeadlineAndLoad(deadline: number): Promise<number> {
  return quantile(await readMany((number) => sleep(deadline).then(() => load(`cold-${number}`))), 0.99)
}

async function readMany(read: (number: number) => Promise<unknown>): Promise<number[]> {
  const milliseconds: number[] = []
  let next = 0
  const work = async () => {
    while (next < reads) milliseconds.push(await timed(() => read(next++)))
  }
  await Promise.all(Array.from({ length: readers }, work))
  return milliseconds
}

async function timed(read: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  const gaveUp = Symbol()
  const ended = await Promise.race([read(), sleep(patience, gaveUp, { ref: false })])
  return ended === gaveUp ? Number.POSITIVE_INFINITY : performance.now() - startedAt
}
