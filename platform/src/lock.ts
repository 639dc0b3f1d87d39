import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The platform already runs from this folder. */
export class AlreadyRunningError extends Error {
  readonly code = 'already-running'
  constructor(pid: number) {
    super(`Alicerce already runs from this folder (process ${pid}). Stop it with Ctrl-C, or: kill ${pid}`)
  }
}

/**
 * Takes the lock of one data folder, so that two starts never share a database folder. A lock whose process is gone, left by a
 * killed run, is taken over.
 * @returns gives the lock back
 * @throws {AlreadyRunningError} while another process holds it
 */
export async function takeLock(file: string): Promise<() => Promise<void>> {
  await mkdir(dirname(file), { recursive: true })
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const holder = Number(await readFile(file, 'utf8'))
    if (holder !== process.pid && isAlive(holder)) throw new AlreadyRunningError(holder)
    await writeFile(file, String(process.pid))
  }
  return () => rm(file, { force: true })
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' // it lives, and is another user's
  }
}
