import { unwatchFile, watchFile } from 'node:fs'

const pollMilliseconds = 1000

/** Calls `reload` when the file changes or the process gets SIGHUP. Returns how to stop. */
export function watchConfiguration(file: string, reload: () => void): () => void {
  watchFile(file, { interval: pollMilliseconds, persistent: false }, (now, before) => {
    if (now.mtimeMs !== before.mtimeMs) reload()
  })
  process.on('SIGHUP', reload)
  return () => {
    unwatchFile(file)
    process.off('SIGHUP', reload)
  }
}
