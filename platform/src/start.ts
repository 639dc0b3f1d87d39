import { join } from 'node:path'
import colours from 'picocolors'
import { runAppsInProcess } from './apps.ts'
import { migrateAndSeed } from './databases.ts'
import { startDevelopment } from './development.ts'
import { type Environments, environmentsOf } from './environment.ts'
import { removeData, startInfrastructure } from './infrastructure.ts'
import { takeLock } from './lock.ts'
import type { Options } from './options.ts'
import { assertPortsFree, type Ports, portsFrom } from './ports.ts'
import { createProgress, type Progress } from './progress.ts'
import { loadSecrets } from './secrets.ts'
import { summaryText } from './summary.ts'
import { buildWebApp } from './web-build.ts'

/** How to run the platform. `stopped` asks it to end. */
export type PlatformOptions = Options & { projectFolder: string; stopped: AbortSignal }

/** What was started, undone in reverse order. */
type Stops = (() => Promise<void>)[]

/**
 * Runs the whole platform until `stopped`, then stops it: apps first, then Redis and PostgreSQL.
 * @throws typed errors whose message is one clear sentence (a taken port, a run that goes on elsewhere, a build that fails)
 */
export async function runPlatform(options: PlatformOptions): Promise<void> {
  const stops: Stops = []
  try {
    await startAll(options, stops)
    await aborted(options.stopped)
  } finally {
    if (options.stopped.aborted) process.stdout.write('\n  Stopping\n')
    for (const stop of stops.reverse()) await stop().catch((error) => console.error(error))
  }
  process.stdout.write('  Stopped\n')
}

async function startAll(options: PlatformOptions, stops: Stops): Promise<void> {
  const started = performance.now()
  const progress = createProgress()
  const ports = portsFrom(options.port)
  process.stdout.write(`\n  ${colours.bold('Alicerce')} starts\n\n`)
  stops.push(await takeLock(join(options.dataFolder, 'lock')))
  await assertPortsFree(appPorts(ports))
  if (options.reset) await progress.step('Threw all data away', () => removeData(options.dataFolder))

  const [infrastructure] = await Promise.all([
    startInfrastructure({
      dataFolder: options.dataFolder,
      ports,
      progress,
      onStarted: (stop) => stops.push(stop),
    }),
    options.watch ? undefined : progress.step('Web app', () => buildWebApp(options.projectFolder)),
  ])
  const environments = environmentsOf({
    ports,
    secrets: await loadSecrets(join(options.dataFolder, 'secrets.json')),
    redisUrl: infrastructure.redisUrl,
    databaseUrl: infrastructure.databaseUrl,
    projectFolder: options.projectFolder,
    webDevelopmentUrl: options.watch ? `http://localhost:${ports.vite}` : undefined,
  })
  await progress.step('Databases: migrations and first data', () => migrateAndSeed(environments))
  stops.push(await startApps(options, environments, ports, progress))
  const seconds = (performance.now() - started) / 1000
  process.stdout.write(
    summaryText({
      ...{ ports, seconds, webApp: environments.auth.WEB_APP_URL },
      ...{ postgres: infrastructure.postgres, redis: infrastructure.redis },
    }),
  )
}

function startApps(options: PlatformOptions, environments: Environments, ports: Ports, progress: Progress) {
  if (options.watch) return startDevelopment({ ...options, environments, vitePort: ports.vite })
  return progress.step('Auth server, services, gateway', () => runAppsInProcess(environments))
}

/** All but those of PostgreSQL and Redis, which may be left over from a killed run and are then taken over. */
const appPorts = ({ postgres, redis, ...ports }: Ports) => Object.values(ports)

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
