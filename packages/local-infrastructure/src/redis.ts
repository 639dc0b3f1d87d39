import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { delimiter, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LocalInfrastructureError } from './errors.ts'
import { claimPort, host } from './ports.ts'
import { endWithThisProcess, hasEnded, stopChild, stopStranger, wasStartedWith } from './processes.ts'

/** A Redis (or Valkey) that runs as a child of this process. */
export type LocalRedis = {
  readonly url: string
  readonly port: number
  /** The server's process id, for tests that kill or freeze it. */
  readonly pid: number
  /** Writes what must be kept, stops the server, and resolves when it is gone. */
  stop(): Promise<void>
}

/** How to start Redis. */
export type RedisOptions = {
  /** Where its log and its data are kept. Made if missing. */
  directory: string
  /** The port on 127.0.0.1; a free one where none is given. */
  port?: number
  /** Whether the data outlives the server (append-only file). */
  persistent: boolean
  /** How many numbered databases it has. Default 16. */
  databases?: number
  /** More of Redis's own settings, by their names. */
  settings?: Readonly<Record<string, string>>
}

const stopSignals: [NodeJS.Signals, NodeJS.Signals] = ['SIGTERM', 'SIGKILL']

/** The path of `redis-server` or `valkey-server`, whichever PATH has first; undefined where it has neither. */
export function findRedis(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const candidates = ['redis-server', 'valkey-server'].flatMap((name) =>
    folders.map((folder) => join(folder, name)),
  )
  return candidates.find(isExecutable)
}

/**
 * Starts the Redis of this machine on 127.0.0.1 only. One that a killed run left is stopped first. It ends when this process does.
 * @throws {LocalInfrastructureError} `redis-missing`, `port-taken`, `server-failed`
 */
export async function startRedis(options: RedisOptions): Promise<LocalRedis> {
  const program = findRedis()
  if (!program)
    throw new LocalInfrastructureError(
      'redis-missing',
      'No redis-server or valkey-server is on PATH: install Redis 7 or newer (apt-get install redis-server, brew install redis).',
    )
  const directory = resolve(options.directory)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await clearUp(directory)
  const port = await claimPort(options.port, 'Redis')
  const server = await launch(program, directory, port, options)
  return {
    url: `redis://${host}:${port}`,
    port,
    pid: server.pid as number,
    stop: () => stopChild(server, stopSignals),
  }
}

async function clearUp(directory: string): Promise<void> {
  const pidFile = join(directory, 'redis.pid')
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''))
  if (await wasStartedWith(pid, directory)) await stopStranger(pid, stopSignals)
  await rm(pidFile, { force: true })
}

async function launch(
  program: string,
  directory: string,
  port: number,
  options: RedisOptions,
): Promise<ChildProcess> {
  const logFile = join(directory, 'redis.log')
  const log = await open(logFile, 'w', 0o600)
  const settings = {
    port: String(port),
    bind: host,
    dir: directory,
    pidfile: join(directory, 'redis.pid'),
    save: '',
    appendonly: options.persistent ? 'yes' : 'no',
    databases: String(options.databases ?? 16),
    // Keeps the command line as it is, so that a later start knows this process by its folder.
    'set-proc-title': 'no',
    ...options.settings,
  }
  const server = spawn(
    program,
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    // A process group of its own: Ctrl-C reaches us, who stop the server when the apps have stopped using it.
    { cwd: directory, detached: true, stdio: ['ignore', log.fd, log.fd] },
  )
  await new Promise((resolve, reject) => server.once('spawn', resolve).once('error', reject))
  await log.close()
  endWithThisProcess(server, 'TERM')
  await ready(server, port, logFile)
  return server
}

async function ready(server: ChildProcess, port: number, logFile: string): Promise<void> {
  const deadline = Date.now() + 30_000
  while (Date.now() < deadline && !hasEnded(server)) {
    if (await answersPing(port)) return
    await sleep(10)
  }
  await stopChild(server, stopSignals)
  const log = (await readFile(logFile, 'utf8')).trim().split('\n').slice(-5).join('\n')
  throw new LocalInfrastructureError(
    'server-failed',
    `Redis on port ${port} did not start. Its log says:\n${log}`,
  )
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host, () => socket.write('PING\r\n'))
    const answer = (yes: boolean) => {
      socket.destroy()
      resolve(yes)
    }
    socket.setTimeout(1000, () => answer(false))
    socket.once('error', () => answer(false))
    socket.once('data', (reply) => answer(reply.toString().startsWith('+PONG')))
  })
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
