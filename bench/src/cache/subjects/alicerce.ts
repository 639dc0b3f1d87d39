import { createCache, type OutboxPort, redisStore } from '@alicerce/cache-aside'
import { until } from '@alicerce/testing'
import { Type } from 'typebox'
import { type Subject, type SubjectOptions, ttl } from '../subject.ts'

const RowSchema = Type.Object({ id: Type.String(), version: Type.Number(), text: Type.String() })

/** Of a service that writes nothing for a while. With an outbox the bound on staleness is kept, as it is in every service. */
const outbox: OutboxPort<unknown> = {
  append: async () => [],
  afterCommit() {},
  markDelivered: async () => {},
  oldestPending: async () => 0,
  reopen: async () => {},
}

/** This project's cache. */
export async function alicerce({ redisUrl, levels, load }: SubjectOptions): Promise<Subject> {
  const store = redisStore({ url: redisUrl })
  await until(() => store.get('nothing').then(() => true))
  const log = { warn() {} }
  const firstLevel = levels === 'Redis' ? { firstLevel: { maximumEntries: 0 } } : {}
  const cache = createCache({ namespace: 'bench', store, outbox, log, ...firstLevel })
  await cache.ready()
  const rows = cache.define({ name: 'row', schema: RowSchema, key: (id: string) => id, load, ttl })
  return {
    read: (id) => rows.get(id),
    readMany: (ids) => rows.getMany(ids),
    invalidate: (id) => rows.invalidateNow(id),
    async close() {
      await cache.close()
      await store.close()
    },
  }
}
