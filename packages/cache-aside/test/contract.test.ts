import { createTestCluster, testRedisUrl } from '@alicerce/testing'
import { memoryStore } from '#src/index.ts'
import { cacheStoreContract } from '#src/test-suite/cache-store-contract.ts'
import { connectedClusterStore, connectedStore } from './fixtures.ts'

cacheStoreContract('memory', async () => {
  const store = memoryStore()
  return { store, other: store, close: () => store.close() }
})

cacheStoreContract('Redis', async () => {
  const url = testRedisUrl()
  // The contract is about answers, not about how soon a busy machine gives them.
  const patient = { deadlineMilliseconds: 2000 }
  const [store, other] = await Promise.all([connectedStore(url, patient), connectedStore(url, patient)])
  return {
    store,
    other,
    async close() {
      await Promise.all([store.close(), other.close()])
    },
  }
})

cacheStoreContract('Redis Cluster', async () => {
  const cluster = await createTestCluster({ primaries: 3 })
  const [store, other] = await Promise.all([
    connectedClusterStore(cluster.urls),
    connectedClusterStore(cluster.urls.slice(1, 2)),
  ])
  return {
    store,
    other,
    async close() {
      await Promise.all([store.close(), other.close()])
      await cluster.stop()
    },
  }
})
