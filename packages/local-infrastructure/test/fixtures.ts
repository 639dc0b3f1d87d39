import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { type LocalPostgres, type PostgresOptions, removePostgres, startPostgres } from '#src/index.ts'

export const isRoot = process.getuid?.() === 0

/** A folder that is gone after the test, and whatever PostgreSQL kept for it elsewhere. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'alicerce-infrastructure-'))
  onTestFinished(async () => {
    await removePostgres({ directory: join(folder, 'postgres') })
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

/** Starts PostgreSQL below `folder` until the test ends. */
export async function start(folder: string, options: Partial<PostgresOptions> = {}): Promise<LocalPostgres> {
  const postgres = await startPostgres({
    directory: join(folder, 'postgres'),
    settings: { fsync: 'off' },
    ...options,
  })
  onTestFinished(postgres.stop)
  return postgres
}

export async function query(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return await client.query(sql)
  } finally {
    await client.end()
  }
}

/** Holds a port for the rest of the test. */
export async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as { port: number }).port
}

/** Runs `code`, a module that may use all of our exports, in another process, and returns it with its first line of output. */
export async function inOtherProcess(code: string): Promise<{ child: ChildProcess; line: string }> {
  const door = JSON.stringify(join(import.meta.dirname, '../src/index.ts'))
  const program = `import { startPostgres, startRedis } from ${door}\n${code}\nsetInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [chunk] = await once(child.stdout, 'data')
  return { child, line: String(chunk).trim() }
}

export async function killHard(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

/** The shell that ends the process with this id together with its starter. */
export function watchdogOf(pid: number): number {
  const lines = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n')
  const line = lines.find((each) => each.includes('while read -r _') && each.trim().endsWith(` ${pid}`))
  return Number.parseInt(line ?? '', 10)
}
