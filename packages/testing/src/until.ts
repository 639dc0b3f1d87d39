import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Waits until the condition gives something truthy, and returns that. A condition that throws counts as not yet met.
 * @throws after `timeoutMilliseconds` (default 10 000), with what the condition last threw as `cause`
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { timeoutMilliseconds = 10_000 }: { timeoutMilliseconds?: number } = {},
): Promise<NonNullable<T>> {
  const deadline = performance.now() + timeoutMilliseconds
  let cause: unknown
  do {
    try {
      const result = await condition()
      if (result) return result
      cause = undefined
    } catch (error) {
      cause = error
    }
    await sleep(10)
  } while (performance.now() < deadline)
  throw new Error(`Not within ${timeoutMilliseconds} ms: ${condition}`, { cause })
}
