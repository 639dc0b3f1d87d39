import { setImmediate as turn } from 'node:timers/promises'
import { beforeEach, expect, test } from 'vitest'
import { createBypass } from '#src/flight/bypass.ts'
import type { Answer } from '#src/flight/flight.ts'

let begun: string[]
let ends: Map<string, (value: unknown) => void>
const work = (name: string) => async (): Promise<Answer> => {
  begun.push(name)
  const value = await new Promise((resolve) => ends.set(name, resolve))
  return { value, version: 0, source: 'database', shared: true }
}
beforeEach(() => {
  begun = []
  ends = new Map()
})

test('CA-10 who comes while a key is being loaded waits for the next load, with all who do', async () => {
  const bypass = createBypass()
  const first = bypass.flight('a', work('first')).wait()
  await turn()
  const late = [bypass.flight('a', work('second')).wait(), bypass.flight('a', work('third')).wait()]
  await turn()
  expect(begun).toEqual(['first'])
  ends.get('first')?.('old')
  await turn()
  expect(begun).toEqual(['first', 'second'])
  ends.get('second')?.('new')
  expect((await first).value).toBe('old')
  expect((await Promise.all(late)).map(({ value }) => value)).toEqual(['new', 'new'])
})

test('CA-20 no more loads than allowed at once, and a failed one makes room', async () => {
  const bypass = createBypass({ concurrency: 1 })
  const failing = bypass.flight('a', async () => {
    begun.push('a')
    await turn()
    throw new Error('no')
  })
  const next = bypass.flight('b', work('b'))
  await Promise.resolve()
  expect(begun).not.toContain('b')
  await expect(failing.wait()).rejects.toThrow('no')
  await turn()
  expect(begun).toEqual(['a', 'b'])
  ends.get('b')?.(1)
  expect((await next.wait()).value).toBe(1)
})

test('CA-07 a load that everybody left before its turn never begins', async () => {
  const bypass = createBypass({ concurrency: 1 })
  bypass.flight('a', work('a'))
  await turn()
  const controller = new AbortController()
  const left = bypass.flight('b', work('b')).wait(controller.signal)
  controller.abort(new Error('left'))
  await expect(left).rejects.toThrow('left')
  const again = bypass.flight('b', work('b again'))
  ends.get('a')?.(1)
  await turn()
  await turn()
  expect(begun).toEqual(['a', 'b again'])
  ends.get('b again')?.(2)
  expect((await again.wait()).value).toBe(2)
})
