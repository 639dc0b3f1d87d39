import type { Forwarder } from '#src/forwarding/forwarder.ts'
import { AttemptTimeout } from '#src/forwarding/forwarder-error.ts'

/** Asks a destination how it is: whether it answers in time, with a status from 200 to 299. */
export function answersWell(
  forwarder: Forwarder,
  { target, host, timeoutMilliseconds }: { target: string; host: string; timeoutMilliseconds: number },
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  let isWell = false
  const timer = setTimeout(() => flow.abort(new AttemptTimeout()), timeoutMilliseconds)
  const end = (outcome: boolean) => {
    clearTimeout(timer)
    resolve(outcome)
  }
  const flow = forwarder.send(
    {
      ...{ method: 'GET', path: target, headers: ['host', host, 'accept', '*/*'], body: undefined },
      activityTimeoutMilliseconds: timeoutMilliseconds,
    },
    {
      onHeaders(status) {
        isWell = status >= 200 && status < 300
      },
      // What it says does not matter, as long as it ends.
      onData: () => true,
      onEnd: () => end(isWell),
      onError: () => end(false),
    },
  )
  return promise
}
