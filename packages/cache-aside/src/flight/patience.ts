import { CacheError } from '../errors.ts'
import type { Policy } from '../policy/policy.ts'
import type { StartTimer } from '../ports.ts'

/**
 * What `work` brings within the soft time limit of the class. The work goes on when that is over.
 * @throws CacheError `load-timeout`
 */
export async function withPatience<Result>(
  work: Promise<Result>,
  { name, softLoadTimeout }: Policy,
  startTimer: StartTimer,
): Promise<Result> {
  const { promise: over, reject } = Promise.withResolvers<never>()
  const stop = startTimer(softLoadTimeout, () =>
    reject(
      new CacheError('load-timeout', `An entry of "${name}" is still loading after ${softLoadTimeout} ms.`),
    ),
  )
  try {
    return await Promise.race([work, over])
  } finally {
    stop()
  }
}
