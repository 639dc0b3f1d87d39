import { afterAll, beforeAll, describe } from 'vitest'
import { floors } from './contract/floors.ts'
import { leases } from './contract/leases.ts'
import { marks } from './contract/marks.ts'
import type { StoresUnderTest } from './contract/samples.ts'
import { values } from './contract/values.ts'
import { watching } from './contract/watching.ts'
import { watermarks } from './contract/watermarks.ts'

/**
 * The contract of every {@link CacheStore}: call it in a Vitest file, and it adds the tests. It runs in real time, and the store must be
 * connected when `create` resolves.
 */
export function cacheStoreContract(name: string, create: () => Promise<StoresUnderTest>): void {
  describe(`the contract of cache stores: ${name}`, () => {
    let stores: StoresUnderTest
    beforeAll(async () => {
      stores = await create()
    })
    afterAll(() => stores.close())

    leases(() => stores)
    values(() => stores)
    floors(() => stores)
    marks(() => stores)
    watermarks(() => stores)
    watching(() => stores)
  })
}
