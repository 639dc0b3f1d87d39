import { createHash } from 'node:crypto'
import { chmod, lstat, mkdir, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { LocalInfrastructureError } from '#src/errors.ts'
import { canEnter, type ServerUser } from './server-user.ts'

/** Where root keeps the data of a folder that the server's user cannot reach, below /root for example. */
function shelterOf(directory: string): string {
  return `/var/tmp/alicerce-${createHash('sha256').update(resolve(directory)).digest('hex').slice(0, 12)}`
}

/**
 * The folder that PostgreSQL keeps its data and log in: `directory`, or its shelter where the server's user cannot reach
 * `directory`. It stays ours and that user may only pass through it, so that he cannot lead what we write as root elsewhere by a link.
 */
export async function prepareHome(directory: string, user: ServerUser | undefined): Promise<string> {
  const wanted = resolve(directory)
  await mkdir(wanted, { recursive: true })
  if (!user) return wanted
  await chmod(wanted, 0o711)
  return canEnter(wanted, user) ? wanted : prepareShelter(shelterOf(directory))
}

/** Anyone may make folders in /var/tmp, and we are root: a folder or link that somebody else laid there is not used. */
async function prepareShelter(shelter: string): Promise<string> {
  await mkdir(shelter, { mode: 0o700 }).catch((error) => {
    if (error.code !== 'EEXIST') throw error
  })
  const found = await lstat(shelter)
  if (!found.isDirectory() || found.uid !== 0)
    throw new LocalInfrastructureError(
      'folder-unsafe',
      `${shelter} is not root's own folder, so PostgreSQL's data is not kept there: remove it, or move the project to a folder that every user can reach.`,
    )
  await chmod(shelter, 0o711)
  return shelter
}

/** Removes all data that {@link startPostgres} keeps for `directory`, wherever it is. The server must not run. */
export async function removePostgres({ directory }: { directory: string }): Promise<void> {
  await rm(resolve(directory), { recursive: true, force: true })
  if (process.getuid?.() === 0) await rm(shelterOf(directory), { recursive: true, force: true })
}
