import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './free-port.ts'

const root = join(import.meta.dirname, '../../..')
const readyMilliseconds = 60_000

/** One app as a process of its own, as it runs in production. */
export type AppProcess = {
  pid: number
  url: string
  adminUrl: string
  /** From the start of the process until it was ready. */
  startMilliseconds: number
  stop(): Promise<void>
}

/** Starts apps, and keeps all that they print in one file. */
export function createProcesses(outputFile: string) {
  const output = createWriteStream(outputFile, { flags: 'a' })

  function run(script: string, env: Record<string, string>): ChildProcess {
    const { PATH, HOME } = process.env
    const child = spawn(process.execPath, [join(root, script)], { cwd: root, env: { PATH, HOME, ...env } })
    child.stdout.pipe(output, { end: false })
    child.stderr.pipe(output, { end: false })
    return child
  }

  return {
    /** Applies the migrations of an app. @throws where they fail */
    async migrate(app: string, databaseUrl: string): Promise<void> {
      const child = run(`apps/${app}/src/migrate.ts`, { MIGRATION_DATABASE_URL: databaseUrl })
      const code = await new Promise((resolve) => child.once('exit', resolve))
      if (code !== 0) throw new Error(`The migrations of ${app} ended with ${code}: see ${outputFile}`)
    },
    /** Resolves when the app is ready. @throws where it ends before, or takes too long */
    async start(app: string, env: Record<string, string>, port?: number): Promise<AppProcess> {
      const [own, admin] = [port ?? (await freePort()), await freePort()]
      const startedAt = performance.now()
      const child = run(`apps/${app}/src/main.ts`, { ...env, PORT: String(own), ADMIN_PORT: String(admin) })
      const adminUrl = `http://127.0.0.1:${admin}`
      await ready(child, adminUrl, app, outputFile)
      return {
        pid: child.pid as number,
        startMilliseconds: performance.now() - startedAt,
        url: `http://127.0.0.1:${own}`,
        adminUrl,
        stop: () =>
          new Promise((resolve) => {
            child.once('exit', () => resolve())
            child.kill('SIGTERM')
          }),
      }
    },
  }
}

async function ready(child: ChildProcess, adminUrl: string, app: string, outputFile: string): Promise<void> {
  const deadline = performance.now() + readyMilliseconds
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`${app} ended with ${child.exitCode}: see ${outputFile}`)
    const answer = await fetch(`${adminUrl}/health/ready`).catch(() => undefined)
    if (answer?.ok) return
    await sleep(10)
  }
  throw new Error(`${app} is not ready after ${readyMilliseconds} ms: see ${outputFile}`)
}
