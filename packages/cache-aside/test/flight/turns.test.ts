import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createTurns, type NoTurn } from '#src/flight/turns.ts'
import { startTimer } from '#src/ports.ts'

const turnsOf = (options: Partial<Parameters<typeof createTurns>[0]> = {}) =>
  createTurns({ atOnce: 1, queue: 2, waitMilliseconds: 10_000, startTimer, ...options })
const reasonOf = (work: Promise<unknown>) => work.then(String, ({ reason }: NoTurn) => reason)

test('CA-20 turns go to those who wait in the order in which they came', async () => {
  const turns = turnsOf()
  const began: string[] = []
  const first = await turns.take()
  const others = ['second', 'third'].map(async (name) => {
    const end = await turns.take()
    began.push(name)
    return end
  })
  expect([turns.running, turns.waiting]).toEqual([1, 2])
  first()
  first() // to give it back twice gives it once
  ;(await others[0])?.()
  ;(await others[1])?.()
  expect(began).toEqual(['second', 'third'])
  expect([turns.running, turns.waiting]).toEqual([0, 0])
})

test('CA-20 the queue is bounded in length and in time', async () => {
  const turns = turnsOf({ queue: 1, waitMilliseconds: 20 })
  await turns.take()
  const waiting = turns.take()
  expect(await reasonOf(turns.take())).toBe('queue-full')
  expect(await reasonOf(waiting)).toBe('queue-timeout')
  expect(turns.waiting).toBe(0)
})

test('CA-07 CA-20 who leaves makes room in the queue', async () => {
  const turns = turnsOf({ queue: 1 })
  const end = await turns.take()
  const leaver = new AbortController()
  const leaving = turns.take(leaver.signal)
  leaver.abort(new Error('left'))
  await expect(leaving).rejects.toThrow('left')
  const next = turns.take()
  end()
  expect(await next).toBeTypeOf('function')
})

test('CA-20 a turn that is never given back does not stay taken for ever', async () => {
  const turns = turnsOf({ longestTurn: 20 })
  const lost = await turns.take()
  await sleep(40)
  expect(await turns.take()).toBeTypeOf('function')
  lost()
  expect(turns.running).toBe(1)
})
