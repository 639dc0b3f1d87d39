import { expect, test } from 'vitest'
import { createTrust, unconditionalTrust } from '#src/trust/trust.ts'

/** A trust of 1000 ms over a watch whose barriers the test lets pass. */
function trusting() {
  const barriers: { pass(): void; fail(): void }[] = []
  const world = { now: 0, connection: 1, barriers }
  const trust = createTrust({
    bound: 1000,
    connection: () => world.connection,
    watch: {
      barrier: () =>
        new Promise((pass, fail) => void barriers.push({ pass, fail: () => fail(new Error('lost')) })),
    },
    now: () => world.now,
  })
  return { trust, world }
}

test('CA-38 nothing is trusted of which nothing is known', () => {
  const { trust } = trusting()
  expect([trust.holds(), trust.holdsFirstLevel(), trust.age()]).toEqual([
    false,
    false,
    Number.POSITIVE_INFINITY,
  ])
  expect(unconditionalTrust.holds()).toBe(true)
})

test('CA-38 CA-46 trust ends with the bound, also for a process that slept', () => {
  const { trust, world } = trusting()
  world.now = 500
  void trust.learn({ coveredUntil: 400, connection: 1 })
  expect(trust.holds()).toBe(true)
  expect(trust.age()).toBe(100)
  world.now = 1400
  expect(trust.holds()).toBe(true)
  world.now = 1401
  expect(trust.holds()).toBe(false)
  expect(trust.age()).toBe(Number.POSITIVE_INFINITY)
})

test('CA-40 what was known of the store on another connection says nothing', () => {
  const { trust, world } = trusting()
  void trust.learn({ coveredUntil: 0, connection: 1 })
  world.connection = 2
  expect(trust.holds()).toBe(false)
})

test('CA-45 the first level is trusted when all was heard that had been delivered', async () => {
  const { trust, world } = trusting()
  const learned = trust.learn({ coveredUntil: 0, connection: 1 })
  expect([trust.holds(), trust.holdsFirstLevel()]).toEqual([true, false])
  world.barriers[0]?.pass()
  await learned
  expect(trust.holdsFirstLevel()).toBe(true)
  world.now = 900
  const later = trust.learn({ coveredUntil: 900, connection: 1 })
  world.now = 1100
  expect([trust.holds(), trust.holdsFirstLevel()]).toEqual([true, false]) // its own certainty is too old
  world.barriers[1]?.fail()
  await later
  expect(trust.holdsFirstLevel()).toBe(false)
})

test('CA-45 a barrier that is late takes nothing back', async () => {
  const { trust, world } = trusting()
  const first = trust.learn({ coveredUntil: 0, connection: 1 })
  const second = trust.learn({ coveredUntil: 500, connection: 1 })
  world.barriers[1]?.pass()
  await second
  world.barriers[0]?.pass()
  await first
  world.now = 1500
  expect(trust.holdsFirstLevel()).toBe(true)
})
