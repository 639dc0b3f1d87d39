import { setTimeout as sleep } from 'node:timers/promises'

/**
 * What `work` brings. A proof that waits for ever proves nothing, so every wait in it has an end.
 * @throws after so many milliseconds, naming what was waited for
 */
export async function bounded<Result>(
  milliseconds: number,
  what: string,
  work: Promise<Result>,
): Promise<Result> {
  const over = new AbortController()
  const giveUp = sleep(milliseconds, undefined, { signal: over.signal }).then(() => {
    throw new Error(`Waited ${milliseconds / 1000} s in vain for this: ${what}.`)
  })
  giveUp.catch(() => {}) // by the end of the work
  return Promise.race([work, giveUp]).finally(() => over.abort())
}
