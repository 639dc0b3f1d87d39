import { testRedisUrl } from '@alicerce/testing'
import { memoryStore } from '#src/index.ts'
import { cacheStoreContract } from '#src/test-suite/cache-store-contract.ts'
import { connectedStore } from './fixtures.ts'

cacheStoreContract('memory', async () => {
  const store = memoryStore()
  return { store, other: store, close: () => store.close() }
})

cacheStoreContract('Redis', async () => {
  const url = testRedisUrl()
  const [store, other] = await Promise.all([connectedStore(url), connectedStore(url)])
  return {
    store,
    other,
    async close() {
      await Promise.all([store.close(), other.close()])
    },
  }
})
