import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '@alicerce/testing'
import type { CacheStore } from '#src/index.ts'
import { createInstance, createSource, type createTestOutbox } from './fixtures.ts'

type Outbox = ReturnType<typeof createTestOutbox>

/**
 * Several processes that read and write all the time while something is done to their store, and what must never happen: a read that began
 * after a write was acknowledged, and got something older.
 */
export function createLoad(options: {
  stores: readonly CacheStore[]
  ids: readonly string[]
  namespace: string
  outbox?: Outbox
  tags?: (id: string) => string[]
}) {
  const { stores, ids, namespace, outbox, tags } = options
  const source = createSource()
  const acknowledged = new Map(ids.map((id) => [id, 1]))
  for (const id of ids) source.write(id, 1)
  const instances = stores.map((store) =>
    createInstance(store, source, {
      ...(tags && { tags }),
      cache: { namespace, ...(outbox && { outbox: outbox.outbox, stalenessBound: 400 }) },
    }),
  )
  const counted = { reads: 0, writes: 0, stale: [] as string[], failed: [] as unknown[] }
  let running = true
  let latest = 1

  async function read(instance: (typeof instances)[number]): Promise<void> {
    while (running) {
      const id = ids[Math.floor(Math.random() * ids.length)] as string
      const atLeast = acknowledged.get(id) as number
      try {
        const value = await instance.things.get(id)
        counted.reads++
        if ((value?.version ?? 0) < atLeast) {
          counted.stale.push(`${id}: ${value?.version} < ${atLeast}, from ${instance.reads.at(-1)?.source}`)
        }
      } catch (error) {
        counted.failed.push(error)
      }
      await sleep(Math.random() * 3)
    }
  }

  /** With a relay that tries again until it is delivered, and a barrier until every first level has heard of it. */
  async function write({ things, cache }: (typeof instances)[number]): Promise<void> {
    while (running) {
      const id = ids[Math.floor(Math.random() * ids.length)] as string
      const tag = tags && Math.random() < 0.5 ? tags(id)[0] : undefined
      const version = ++latest
      source.write(id, version)
      while (!(await (tag ? cache.invalidateTagNow(tag) : things.invalidateNow(id)))) await sleep(20)
      await sleep(60) // the push is on its way
      if ((acknowledged.get(id) as number) < version) acknowledged.set(id, version)
      counted.writes++
      await sleep(Math.random() * 10)
    }
  }

  const work = [...instances.flatMap((instance) => [read(instance), read(instance)]), ...instances.map(write)]
  return {
    ...{ source, instances, counted },
    async stop() {
      running = false
      await Promise.all(work)
    },
    /** Until the cache answers all keys in every instance, and rightly. */
    async settled(): Promise<void> {
      await until(
        async () => {
          const loads = source.loads
          for (const { things } of instances) for (const id of ids) await things.get(id)
          return source.loads === loads
        },
        { timeoutMilliseconds: 30_000 },
      )
      for (const { things } of instances) {
        for (const id of ids) {
          const version = (await things.get(id))?.version ?? 0
          if (version < (acknowledged.get(id) as number)) counted.stale.push(`${id}: stuck at ${version}`)
        }
      }
    },
    close: () => Promise.all(instances.map(({ cache }) => cache.close())),
  }
}
