import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { projectFolder, target } from './target.ts'

/** A platform of one test file's own, whose clock can be moved. */
export type OwnPlatform = {
  webApp: string
  issuer: string
  /** Resolves once the servers' clock is ahead of the computer's by so much. */
  moveClock(milliseconds: number): Promise<void>
  stop(): Promise<void>
}

/** Its ports lie beside those of the platform that all other tests share. */
const port = target.port + 40

/** Starts it, on data of its own. */
export async function startOwnPlatform(): Promise<OwnPlatform> {
  const data = mkdtempSync(join(tmpdir(), 'alicerce-e2e-'))
  const webApp = `http://127.0.0.1:${port}`
  const clock = join(import.meta.dirname, 'moved-clock.ts')
  const child = spawn(
    'node',
    ['--import', clock, 'platform/src/main.ts', '--port', String(port), '--data', data],
    { cwd: projectFolder, env: { ...process.env, WEB_APP_URL: webApp }, stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const lines = createInterface({ input: child.stdout })
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`The platform ended with ${child.exitCode}`)
    return (await fetch(webApp).catch(() => undefined))?.ok
  })
  return {
    webApp,
    issuer: `http://localhost:${port + 1}`,
    async moveClock(milliseconds) {
      const told = new Promise<void>((resolve) => {
        lines.on('line', (line) => line === `clock moved by ${milliseconds}` && resolve())
      })
      child.stdin.write(`${milliseconds}\n`)
      await told
    },
    async stop() {
      child.stdin.end()
      if (child.exitCode === null) await once(child, 'exit')
      await rm(data, { recursive: true, force: true })
    },
  }
}

async function until(condition: () => Promise<unknown>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 200))
}
