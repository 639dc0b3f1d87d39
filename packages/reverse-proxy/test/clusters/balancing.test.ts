import { expect, test } from 'vitest'
import { createBalancer } from '#src/clusters/balancing.ts'
import type { Destination } from '#src/clusters/destination.ts'

const list = [
  { configuration: { id: 'c' }, inFlight: 1 },
  { configuration: { id: 'a' }, inFlight: 5 },
  { configuration: { id: 'b' }, inFlight: 3 },
] as Destination[]

/** The ids that a balancer chooses while `random` gives these numbers in turn. */
function chosen(policy: Parameters<typeof createBalancer>[0], numbers: number[], times = 1): string {
  let next = 0
  const balance = createBalancer(policy, () => numbers[next++ % numbers.length] as number)
  return Array.from({ length: times }, () => balance(list).configuration.id).join('')
}

test('GW-19 each policy chooses as YARP says', () => {
  expect(chosen('FirstAlphabetical', [0.9], 2)).toBe('aa')
  expect(chosen('RoundRobin', [0], 4)).toBe('cabc')
  expect(chosen('LeastRequests', [0.9], 2)).toBe('cc')
  expect(chosen('Random', [0, 0.5, 0.99], 3)).toBe('cab')
})

test('GW-19 PowerOfTwoChoices takes the less busy of two different ones', () => {
  expect(chosen('PowerOfTwoChoices', [0.4, 0.9])).toBe('b')
  expect(chosen('PowerOfTwoChoices', [0.4, 0])).toBe('c')
  expect(createBalancer('PowerOfTwoChoices', () => 0)([list[1] as Destination])).toBe(list[1])
})
