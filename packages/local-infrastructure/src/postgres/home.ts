import { createHash } from 'node:crypto'
import { chmod, chown, lstat, mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { LocalInfrastructureError } from '#src/errors.ts'
import { canWrite, type ServerUser } from './server-user.ts'

/** Where root keeps the data of a folder that the server's user cannot reach, below /root for example. */
export function shelterOf(directory: string): string {
  return `/var/tmp/alicerce-${createHash('sha256').update(resolve(directory)).digest('hex').slice(0, 12)}`
}

/**
 * The folder that PostgreSQL keeps its data and log in: `directory`, or its shelter where the server's user cannot reach
 * `directory`.
 */
export async function prepareHome(directory: string, user: ServerUser | undefined): Promise<string> {
  const wanted = resolve(directory)
  await mkdir(wanted, { recursive: true })
  if (!user) return wanted
  await chown(wanted, user.uid, user.gid)
  await chmod(wanted, 0o700)
  return canWrite(wanted, user) ? wanted : prepareShelter(shelterOf(directory), user)
}

/** Anyone may make folders in /var/tmp, and we are root: a folder or link that somebody else laid there is not used. */
async function prepareShelter(shelter: string, user: ServerUser): Promise<string> {
  await mkdir(shelter, { mode: 0o700 }).catch((error) => {
    if (error.code !== 'EEXIST') throw error
  })
  const found = await lstat(shelter)
  if (!found.isDirectory() || (found.uid !== 0 && found.uid !== user.uid))
    throw new LocalInfrastructureError(
      'folder-unsafe',
      `${shelter} belongs to another user (${found.uid}), so PostgreSQL's data is not kept there: remove it, or move the project to a folder that every user can reach.`,
    )
  await chown(shelter, user.uid, user.gid)
  return shelter
}

/** Removes all data that {@link startPostgres} keeps for `directory`, wherever it is. The server must not run. */
export async function removePostgres({ directory }: { directory: string }): Promise<void> {
  await rm(resolve(directory), { recursive: true, force: true })
  if (process.getuid?.() === 0) await rm(join(shelterOf(directory)), { recursive: true, force: true })
}
