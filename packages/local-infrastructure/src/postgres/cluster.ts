import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LocalInfrastructureError } from '#src/errors.ts'
import type { ServerUser } from './server-user.ts'

export const superuser = 'postgres'

/**
 * Makes the data folder of a new PostgreSQL. It is made beside its place and then renamed, so that `data` is whole or absent: what
 * an interrupted run left behind is thrown away here.
 */
export async function createCluster(options: {
  binaries: string
  data: string
  user: ServerUser | undefined
}): Promise<void> {
  const { binaries, data, user } = options
  const unfinished = `${data}.new`
  const passwordFile = `${data}.password.new`
  await rm(unfinished, { recursive: true, force: true })
  await rm(passwordFile, { force: true })
  await writeFile(passwordFile, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' })
  await mkdir(unfinished, { mode: 0o700 })
  if (user) for (const path of [passwordFile, unfinished]) await chown(path, user.uid, user.gid)
  await initdb(join(binaries, 'bin/initdb'), unfinished, passwordFile, user)
  await rename(passwordFile, passwordFileOf(unfinished))
  await rename(unfinished, data)
}

const passwordFileOf = (data: string) => join(data, 'superuser-password')

/** The random password of this cluster's superuser, kept in a file that its owner alone can read. */
export const readSuperuserPassword = (data: string) => readFile(passwordFileOf(data), 'utf8')

/** @throws {LocalInfrastructureError} `other-version` when these binaries cannot read the data */
export async function assertVersion(data: string, binariesMajor: string): Promise<void> {
  const dataMajor = (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim()
  if (dataMajor === binariesMajor) return
  throw new LocalInfrastructureError(
    'other-version',
    `The data in ${data} was made by PostgreSQL ${dataMajor} and cannot be read by PostgreSQL ${binariesMajor}: start once with --reset to make it anew, or install the older version.`,
  )
}

async function initdb(program: string, data: string, passwordFile: string, user: ServerUser | undefined) {
  const child = spawn(
    program,
    [
      ...['-D', data, '--username', superuser, '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
      // Byte order and Unicode classes of PostgreSQL's own: the same sorting on every machine, whatever locales it has.
      ...[
        '--encoding',
        'UTF8',
        '--locale',
        'C',
        '--locale-provider',
        'builtin',
        '--builtin-locale',
        'C.UTF-8',
      ],
      ...['--no-sync', '--no-instructions'],
    ],
    { ...user, cwd: '/', env: { PATH: process.env.PATH, LC_ALL: 'C' }, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let complaints = ''
  child.stderr.on('data', (chunk) => {
    complaints += chunk
  })
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (code !== 0)
    throw new LocalInfrastructureError(
      'server-failed',
      `PostgreSQL could not make its data folder ${data}: ${complaints.trim()}`,
    )
}
