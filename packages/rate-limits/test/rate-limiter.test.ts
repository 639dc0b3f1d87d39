import { expect, test } from 'vitest'
import { fixedWindow, limiter, newKey } from './fixtures.ts'

test('GW-45 an observer that throws disturbs no take', async () => {
  const { take, log } = await limiter({
    observe() {
      throw new Error('broken')
    },
  })
  expect((await take(fixedWindow(10), newKey())).allowed).toBe(true)
  expect(log.text()).toContain('broken')
})

test('GW-45 senseless options are refused', async () => {
  await expect(limiter({ instances: 0 })).rejects.toThrow(TypeError)
  await expect(limiter({ commandTimeoutMilliseconds: 0 })).rejects.toThrow(TypeError)
  await expect(limiter({ maximumKeys: 0.5 })).rejects.toThrow(TypeError)
})
