import { createCache, redisStore } from '@alicerce/cache-aside'
import { until } from '@alicerce/testing'
import { Type } from 'typebox'
import { type Subject, type SubjectOptions, ttl } from '../subject.ts'

const RowSchema = Type.Object({ id: Type.String(), version: Type.Number(), text: Type.String() })

/** This project's cache. */
export async function alicerce({ redisUrl, levels, load }: SubjectOptions): Promise<Subject> {
  const store = redisStore({ url: redisUrl })
  await until(() => store.get('nothing').then(() => true))
  const log = { warn() {} }
  const firstLevel = levels === 'Redis' ? { firstLevel: { maximumEntries: 0 } } : {}
  const cache = createCache({ namespace: 'bench', store, log, ...firstLevel })
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
