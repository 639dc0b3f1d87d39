import { StoreUnavailable } from './cache-store.ts'

const failuresToOpen = 5
const openMilliseconds = 1000

/** Leaves a failing store alone: after five failures in a row every call fails at once for a second, then one call probes. */
export function createBreaker(clock: { now(): number }) {
  let failures = 0
  let openUntil = 0
  let probing = false
  return async <Result>(call: () => Promise<Result>): Promise<Result> => {
    const open = failures >= failuresToOpen
    if (open && (clock.now() < openUntil || probing)) throw new StoreUnavailable('The cache store is being left alone after failures.')
    probing = open
    try {
      const result = await call()
      failures = 0
      return result
    } catch (error) {
      failures++
      openUntil = clock.now() + openMilliseconds
      throw error
    } finally {
      probing = false
    }
  }
}

/** Rejects when `work` takes longer. What was sent may still be executed later; every command of ours bears that. */
export function withDeadline<Result>(work: Promise<Result>, milliseconds: number): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>()
  const timer = setTimeout(() => reject(new StoreUnavailable(`The cache store did not answer within ${milliseconds} ms.`)), milliseconds)
  work.then(resolve, (error) => reject(new StoreUnavailable('The cache store failed.', { cause: error }))).finally(() => clearTimeout(timer))
  return promise
}
