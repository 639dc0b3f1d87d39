import { expect, test } from 'vitest'
import { judge } from '#src/report/judge.ts'
import type { Statement } from '#src/statements/statement.ts'
import { statements } from '#src/statements/statements.ts'

const statement = (id: string, reason?: string): Statement => ({
  ...{ id, level: 'M', text: '' },
  ...(reason && { reason }),
})

test('a statement holds if it has tests and all of them pass; one without a test, or with a reason not to, does not', () => {
  const outcomes = [
    { title: 'AS-01 one', passed: true },
    { title: 'AS-01 AS-02 both', passed: true },
    { title: 'AS-02 other', passed: false },
    { title: 'something about AS-03', passed: true },
    { title: 'AS-05 a part of it', passed: true },
  ]
  const judged = judge(
    [
      statement('AS-01'),
      statement('AS-02'),
      statement('AS-03'),
      statement('AS-04', 'why'),
      statement('AS-05', 'why'),
    ],
    outcomes,
  )
  expect(judged.map(({ result, note }) => [result, note])).toEqual([
    ['pass', ''],
    ['fail', 'AS-02 other'],
    ['fail', 'no test'],
    ['fail', 'why'],
    ['fail', 'why'],
  ])
})

test('the checklists are whole, each id once', () => {
  const numbered = (name: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${name}-${String(index + 1).padStart(2, '0')}`)
  const expected = [...numbered('AS', 40), ...numbered('RS', 17), ...numbered('SPA', 11)]
  expect(statements.map(({ id }) => id)).toEqual(expected)
})
