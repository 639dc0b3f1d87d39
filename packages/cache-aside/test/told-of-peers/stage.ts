import { fakeClock, testRedisUrl } from '@alicerce/testing'
import { onTestFinished } from 'vitest'
import type { CacheStore } from '#src/index.ts'
import { connectedStore, createInstance, createSource } from '../fixtures.ts'

/** Two processes on one Redis, with one source that has version 1 of `a`; a clock that says how fresh values are. */
export async function setStage(options: Omit<Parameters<typeof createInstance>[2], 'cache'> = {}) {
  const url = testRedisUrl()
  const stores = await Promise.all([1, 2].map(() => connectedStore(url, { deadlineMilliseconds: 5000 })))
  const clock = fakeClock(Date.now())
  const source = createSource()
  source.write('a', 1)
  const [here, there] = stores.map((store) =>
    createInstance(store, source, { jitter: 0, ...options, cache: { clock, random: () => 0.5 } }),
  ) as [ReturnType<typeof createInstance>, ReturnType<typeof createInstance>]
  onTestFinished(async () => {
    await Promise.all([here.cache.close(), there.cache.close()])
    await Promise.all(stores.map((store) => store.close()))
  })
  return { here, there, source, clock, url, stores: stores as [CacheStore, CacheStore] }
}

/** Holds the next load after it has read its row, until it is let go; those after it are not held. */
export function holdNextLoad(source: ReturnType<typeof createSource>) {
  const { promise, resolve: letGo } = Promise.withResolvers<void>()
  const before = source.loads
  source.beforeReturn = async () => {
    source.beforeReturn = async () => {}
    await promise
  }
  return { letGo, isReading: () => source.loads > before }
}
