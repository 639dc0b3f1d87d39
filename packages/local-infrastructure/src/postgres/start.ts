import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { open, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LocalInfrastructureError } from '#src/errors.ts'
import { claimPort, host } from '#src/ports.ts'
import {
  endWithThisProcess,
  hasEnded,
  isAlive,
  stopChild,
  stopStranger,
  wasStartedWith,
} from '#src/processes.ts'
import { findBinaries, reachableBinaries } from './binaries.ts'
import { assertVersion, createCluster, readSuperuserPassword, superuser } from './cluster.ts'
import { prepareHome } from './home.ts'
import { type ServerUser, serverUser } from './server-user.ts'

/** How to start PostgreSQL. */
export type PostgresOptions = {
  /** Where its data and log are kept. Made if missing. */
  directory: string
  /** The port on 127.0.0.1; a free one where none is given. */
  port?: number
  /** Further settings of the server, by their names in postgresql.conf. */
  settings?: Record<string, string>
  /** Told in plain sentences what takes time or is out of the ordinary. */
  progress?: (message: string) => void
}

/** A PostgreSQL that runs as a child of this process. */
export type LocalPostgres = {
  readonly port: number
  /** The folder in use; differs from the one asked for where the server's user cannot reach that. */
  readonly directory: string
  /** Full rights, so for provisioning only. Holds the password: never log it. */
  readonly superuserUrl: string
  /** Whether the data was made by this start. */
  readonly created: boolean
  /** Whether this start cleared up after a run that was killed. */
  readonly recovered: boolean
  url(database: string, user: string, password: string): string
  /** Ends all connections and stops the server; resolves when it is gone. */
  stop(): Promise<void>
}

/** SIGINT: end all sessions, then stop cleanly. SIGQUIT: stop now, and recover at the next start. */
const stopSignals: [NodeJS.Signals, NodeJS.Signals] = ['SIGINT', 'SIGQUIT']

/**
 * Starts the PostgreSQL that npm brought, on 127.0.0.1 only, and makes its data at the first start. Whatever a killed run left (a
 * running server, a lock file, half-made data) is cleared up. The server ends when this process does.
 * @throws {LocalInfrastructureError} for faults of this machine: a taken port, a second run on the same data
 */
export async function startPostgres(options: PostgresOptions): Promise<LocalPostgres> {
  const user = serverUser()
  const home = await prepareHome(options.directory, user)
  if (home !== resolve(options.directory))
    options.progress?.(`PostgreSQL's user cannot reach ${options.directory}, so its data is kept in ${home}`)
  const binaries = await reachableBinaries(await findBinaries(), user, home)
  const data = join(home, 'data')
  const created = !existsSync(data)
  if (created) {
    options.progress?.('Making a new PostgreSQL')
    await createCluster({ binaries, data, user })
  }
  await assertVersion(data, majorVersion(binaries))
  const recovered = await clearUp(home, data)
  const port = await claimPort(options.port, 'PostgreSQL')
  const server = await launch({ binaries, home, data, port, user, settings: options.settings ?? {} })
  const url = (database: string, name: string, password: string) =>
    `postgres://${name}:${encodeURIComponent(password)}@${host}:${port}/${database}`
  return {
    port,
    directory: home,
    superuserUrl: url('postgres', superuser, await readSuperuserPassword(data)),
    created,
    recovered,
    url,
    stop: () => stopChild(server, stopSignals),
  }
}

function majorVersion(binaries: string): string {
  const { stdout } = spawnSync(join(binaries, 'bin/postgres'), ['--version'], { encoding: 'utf8' })
  return /(\d+)/.exec(stdout)?.[1] ?? ''
}

const lockFileOf = (data: string) => join(data, 'postmaster.pid')
const starterFileOf = (home: string) => join(home, 'started-by')
const readNumber = async (file: string) =>
  Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0])

/** Stops a server that outlived its run and removes its lock file. Returns whether there was anything to do. */
async function clearUp(home: string, data: string): Promise<boolean> {
  if (!existsSync(lockFileOf(data))) return false
  const pid = await readNumber(lockFileOf(data))
  if (await wasStartedWith(pid, data)) {
    const starter = await readNumber(starterFileOf(home))
    if (isAlive(starter))
      throw new LocalInfrastructureError(
        'already-running',
        `PostgreSQL already runs on ${data}, started by process ${starter}: stop that process first.`,
      )
    await stopStranger(pid, stopSignals)
  }
  await rm(lockFileOf(data), { force: true })
  return true
}

type Launch = {
  binaries: string
  home: string
  data: string
  port: number
  user: ServerUser | undefined
  settings: Record<string, string>
}

async function launch({ binaries, home, data, port, user, settings }: Launch): Promise<ChildProcess> {
  const all = {
    listen_addresses: host,
    port,
    unix_socket_directories: '',
    max_connections: 200,
    jit: 'off',
    ...settings,
  }
  const logFile = join(home, 'postgres.log')
  const log = await open(logFile, 'w', 0o600)
  const server = spawn(
    join(binaries, 'bin/postgres'),
    ['-D', data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    // A process group of its own: Ctrl-C reaches us, who stop the server when the apps have stopped using it.
    {
      ...user,
      cwd: data,
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    },
  )
  await new Promise((resolve, reject) => server.once('spawn', resolve).once('error', reject))
  await log.close()
  endWithThisProcess(server, 'INT')
  await writeFile(starterFileOf(home), String(process.pid))
  await ready(server, data, logFile)
  return server
}

/** Waits until the server says so in its lock file, as `pg_ctl --wait` does. Recovery after a crash may take its time. */
async function ready(server: ChildProcess, data: string, logFile: string): Promise<void> {
  const deadline = Date.now() + 60_000
  while (Date.now() < deadline && !hasEnded(server)) {
    const lines = (await readFile(lockFileOf(data), 'utf8').catch(() => '')).split('\n')
    if (Number(lines[0]) === server.pid && lines[7]?.trim() === 'ready') return
    await sleep(10)
  }
  await stopChild(server, stopSignals)
  const log = (await readFile(logFile, 'utf8')).trim().split('\n').slice(-10).join('\n')
  throw new LocalInfrastructureError(
    'server-failed',
    `PostgreSQL on ${data} did not start. Its log says:\n${log}`,
  )
}
