import { expect, test } from 'vitest'
import { WaitingLine } from '#src/resilience/waiting-line.ts'

test('GW-33 a turn that is of no use to the first in the line is the next one’s', () => {
  const line = new WaitingLine()
  const turns: string[] = []
  for (const [name, isUsed] of [
    ['one', false],
    ['two', true],
    ['three', true],
  ] as const) {
    const turn = () => {
      turns.push(name)
      return isUsed
    }
    line.wait({ queueLength: 3, queueMilliseconds: 60_000 }, { turn, tooLong() {} })
  }
  line.next()
  expect([turns, line.length]).toEqual([['one', 'two'], 1])
  line.next()
  line.next()
  expect([turns, line.length]).toEqual([['one', 'two', 'three'], 0])
})
