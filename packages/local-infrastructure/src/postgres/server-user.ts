import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** The unprivileged user that PostgreSQL runs as where we are root, which it refuses to be. */
export type ServerUser = { readonly uid: number; readonly gid: number }

/** The user `postgres` where the machine has it, else `nobody`; undefined where we are not root and need no other user. */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', 'nobody']) {
    const fields = accounts.find((line) => line.startsWith(`${name}:`))?.split(':')
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) }
  }
  return { uid: 65534, gid: 65534 }
}

/** Whether the user gets through all folders above `folder` and into it. Asked of the system, not computed from modes. */
export function canEnter(folder: string, user: ServerUser): boolean {
  return (
    spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...user, cwd: '/', stdio: 'ignore' }).status === 0
  )
}
