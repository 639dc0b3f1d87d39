import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Environments } from './environment.ts'

/** The variable through which the watched process receives the apps' environments, as JSON. */
export const environmentsVariable = 'ALICERCE_ENVIRONMENTS'

/**
 * Runs the apps in a process that Node restarts whenever a file it imports changes, and the web app in Vite's development server.
 * PostgreSQL and Redis stay up between restarts. @returns stops both
 */
export async function startDevelopment(options: {
  environments: Environments
  projectFolder: string
  vitePort: number
}): Promise<() => Promise<void>> {
  const { projectFolder, environments, vitePort } = options
  const children = [
    spawn('vite', ['--port', String(vitePort), '--strictPort', '--clearScreen', 'false'], {
      cwd: join(projectFolder, 'apps/web'),
      stdio: 'inherit',
    }),
    spawn(
      'node',
      ['--watch', '--watch-preserve-output', join(projectFolder, 'platform/src/apps-process.ts')],
      {
        env: { ...process.env, [environmentsVariable]: JSON.stringify(environments) },
        stdio: 'inherit',
      },
    ),
  ]
  await answers(`http://127.0.0.1:${environments.gateway.ADMIN_PORT}/health/ready`)
  return async () => {
    await Promise.all(children.map(end))
  }
}

/** Until the first start has ended. A fault in the code is shown by the watched process itself, and mended while it watches. */
async function answers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt++) {
    const response = await fetch(url).catch(() => undefined)
    if (response?.ok) return
    await sleep(100)
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGTERM')
  await closed
}
