import { statSync } from 'node:fs'
import { stat } from 'node:fs/promises'

const pollMilliseconds = 1000

/** When the file was changed last; taken before it is read, so that a change in between is a change. */
export const changeOf = (file: string): number | undefined =>
  statSync(file, { throwIfNoEntry: false })?.mtimeMs

/**
 * Calls `reload` when the file is no longer the one of `knownChange`, and when the process gets SIGHUP. Returns how to stop. It asks instead of being
 * told: mounted files, as orchestrators change them, tell nobody.
 */
export function watchConfiguration(
  file: string,
  knownChange: number | undefined,
  reload: () => void,
): () => void {
  let known = knownChange
  const timer = setInterval(async () => {
    const change = await stat(file)
      .then(({ mtimeMs }) => mtimeMs)
      .catch(() => undefined)
    if (change === known) return
    known = change
    reload()
  }, pollMilliseconds).unref()
  process.on('SIGHUP', reload)
  return () => {
    clearInterval(timer)
    process.off('SIGHUP', reload)
  }
}
