import { setTimeout as sleep } from 'node:timers/promises'
import type { AppEnvironment } from '#src/config/read-config.ts'
import type { RunningApp } from '#src/process/running-app.ts'
import { createTelemetry } from '#src/telemetry/telemetry.ts'
import { createAdminServer, type Readiness } from './admin-server.ts'
import { cachePages, type ShownCache } from './cache-pages.ts'
import { createHttpApp, type HttpAppOptions } from './create-http-app.ts'
import { closeServer, listen, urlOf } from './listening.ts'
import type { FastifyTyped } from './types.ts'

/** How to run a service. */
export type HttpServiceOptions = Omit<HttpAppOptions, 'environment' | 'isStopping'> & {
  config: HttpServiceConfig
  /** Its figures show in the metrics, and with its keys at the admin port. */
  cache?: ShownCache
  /** What must answer for the service to be ready, by name. */
  readiness: Readiness
  /** Called once the last request has ended: close pools, relays and subscriptions here. */
  close: () => Promise<void>
}

/** Where a service listens and how it stops. */
export type HttpServiceConfig = {
  host: string
  /** 0 lets the system choose. */
  port: number
  adminHost: string
  /** 0 lets the system choose. */
  adminPort: number
  environment: AppEnvironment
  /** How long requests at work may take to end when the service stops. Default 10 000. */
  stopMilliseconds?: number
  /** How long it still takes requests after readiness has turned to 503, so that balancers notice. Default 0. */
  drainMilliseconds?: number
}

/** Where a service listens by `commonVariables`. */
export const listeningOf = (config: {
  HOST: string
  PORT: number
  ADMIN_HOST: string
  ADMIN_PORT: number
  APP_ENV: AppEnvironment
}): HttpServiceConfig => ({
  host: config.HOST,
  port: config.PORT,
  adminHost: config.ADMIN_HOST,
  adminPort: config.ADMIN_PORT,
  environment: config.APP_ENV,
})

/** Builds a service and listens. A fault on the way closes what is open already. */
export async function createHttpService(options: HttpServiceOptions): Promise<RunningApp> {
  const { name, config, log, cache, telemetry = createTelemetry({ name, log }) } = options
  if (cache) telemetry.measureCache(cache)
  let stopping = false
  const app = await createHttpApp({
    ...options,
    environment: config.environment,
    telemetry,
    isStopping: () => stopping,
  })
  const admin = createAdminServer({
    readiness: options.readiness,
    registry: telemetry.registry,
    isStopping: () => stopping,
    pages: cache ? cachePages(cache, config.environment) : {},
    log,
  })
  try {
    await listen(admin, config.adminPort, config.adminHost)
    await app.listen({ port: config.port, host: config.host })
  } catch (error) {
    admin.close()
    await app.close()
    await options.close()
    throw error
  }
  const url = urlOf(app.server, config.host)
  log.info({ url }, `${name} listens`)

  async function stop(): Promise<void> {
    stopping = true
    await sleep(config.drainMilliseconds ?? 0)
    await endRequests(app, config.stopMilliseconds ?? 10_000)
    await options.close()
    await closeServer(admin)
    await telemetry.close()
    log.info({}, `${name} has stopped`)
  }
  let stopped: Promise<void> | undefined
  return {
    name,
    url,
    adminUrl: urlOf(admin, config.adminHost),
    close() {
      stopped ??= stop()
      return stopped
    },
  }
}

/** Takes no new connections and waits for the requests at work; those that outlast the deadline lose their connection. */
async function endRequests(app: FastifyTyped, milliseconds: number): Promise<void> {
  const deadline = setTimeout(() => app.server.closeAllConnections(), milliseconds)
  await app.close()
  clearTimeout(deadline)
}
