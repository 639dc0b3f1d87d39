import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import {
  closeServer,
  createLog,
  type Environment,
  listen,
  type RunningApp,
  urlOf,
} from '@alicerce/service-kit'
import type { ApiGatewayConfig } from '#src/config.ts'
import { WorkerPlace } from './worker-place.ts'
import type { WorkerProcess } from './worker-process.ts'
import { createWorkersAdmin, gatherFigures } from './workers-admin.ts'

/** Several workers that serve one port. */
export type Workers = RunningApp & {
  /** Replaces one worker after the other by one that runs the code and the settings of now. Resolves when all are new. */
  restart(): Promise<void>
}

/**
 * Starts as many workers as the configuration says and keeps them: who ends is replaced. This process serves health and metrics of all of them,
 * and nothing else. Resolves when all of them serve.
 */
export async function runWorkers(config: ApiGatewayConfig, env: Environment): Promise<Workers> {
  const { GATEWAY_WORKERS: count, HOST, PORT, ADMIN_HOST, ADMIN_PORT } = config
  const log = createLog({ name: 'api-gateway', level: config.LOG_LEVEL })
  await mustBeFree(HOST, PORT)
  const workerEnv = environmentOfWorkers(config, env)
  let isStopping = false
  const places: readonly WorkerPlace[] = Array.from({ length: count }, (_, index) => {
    const onFiguresWanted = (worker: WorkerProcess) =>
      void gatherFigures(places).then((figures) => worker.tellFigures(figures))
    return new WorkerPlace(index + 1, { env: workerEnv, log, onFiguresWanted })
  })
  const closePlaces = () => Promise.all(places.map((place) => place.close()))
  const admin = createWorkersAdmin(places, { isStopping: () => isStopping, log })
  try {
    await Promise.all(places.map(({ worker }) => worker.ready))
    await listen(admin, ADMIN_PORT, ADMIN_HOST)
  } catch (error) {
    await closePlaces()
    throw error
  }
  const reload = () => {
    for (const { worker } of places) worker.signal('SIGHUP')
  }
  process.on('SIGHUP', reload)
  log.info({ workers: count }, 'All workers serve')
  return {
    name: 'api-gateway',
    url: `http://${HOST}:${PORT}`,
    adminUrl: urlOf(admin, ADMIN_HOST),
    async restart() {
      for (const place of places) if (!isStopping) await place.replace()
    },
    async close() {
      isStopping = true
      process.off('SIGHUP', reload)
      await closePlaces()
      await closeServer(admin)
    },
  }
}

/** Workers share their port with whoever shares it: another gateway would take half of the connections, and nobody would notice. */
async function mustBeFree(host: string, port: number): Promise<void> {
  const server = createServer().listen({ host, port })
  await once(server, 'listening')
  server.close()
  await once(server, 'close')
}

/** What workers are told otherwise than their primary. */
function environmentOfWorkers(config: ApiGatewayConfig, env: Environment): Environment {
  const own: Environment = {
    GATEWAY_WORKERS: '1',
    GATEWAY_INSTANCES: String(config.GATEWAY_INSTANCES * config.GATEWAY_WORKERS),
    ADMIN_HOST: '127.0.0.1',
    ADMIN_PORT: '0',
    // The same for all of them: a client that comes back comes to any.
    ...(!config.AFFINITY_KEY && { AFFINITY_KEY: randomBytes(32).toString('base64url') }),
  }
  const files = Object.keys(own).map((name) => [`${name}_FILE`, undefined])
  return { ...env, ...Object.fromEntries(files), ...own }
}
