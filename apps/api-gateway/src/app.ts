import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { createReverseProxy, type Exchange, type OpenSocket } from '@alicerce/reverse-proxy'
import {
  type Backplane,
  type Clock,
  closeServer,
  createAccess,
  createAdminServer,
  createTelemetry,
  formatTraceparent,
  type Log,
  listen,
  type RunningApp,
  urlOf,
} from '@alicerce/service-kit'
import { createAccessLog } from './access-log/access-log.ts'
import { figuresPath, metricsPath } from './admin-pages.ts'
import { createApiHeaders, renderProblem } from './answers.ts'
import { createAuthorization } from './authorization.ts'
import { AuthorizedStreams } from './authorized-streams.ts'
import type { ApiGatewayConfig } from './config.ts'
import { createCurrentConfiguration } from './current-configuration.ts'
import { beginNotes, notesOf } from './exchange-notes.ts'
import { createGatewayView } from './gateway-view/gateway-view.ts'
import { createLiveRates } from './gateway-view/live-rates.ts'
import type { GatherFigures } from './gateway-view/worker-figures.ts'
import { createExchangeMetrics } from './metrics.ts'
import { createRateLimiting } from './rate-limits/rate-limiting.ts'
import { measureStanding } from './standing-metrics.ts'
import { createTraceStart } from './tracing/start-trace.ts'
import { createTracer } from './tracing/tracer.ts'
import { changeOf, watchConfiguration } from './watch-configuration.ts'
import { buildWebApp } from './web-app/build-web-app.ts'
import type { WebApp } from './web-app/web-app.ts'

const name = 'api-gateway'

/** What the gateway is built from. */
export type ApiGatewayOptions = {
  config: ApiGatewayConfig
  log: Log
  /** Stays the caller's to close. */
  backplane: Backplane
  /** Default `Date`. */
  clock?: Clock
  /** Default: the gateway opens its own sockets. */
  openSocket?: OpenSocket
  /** Gives the live figures of all workers that serve together. Default: it serves alone. */
  gatherFigures?: GatherFigures
  /** How long clients may go on with idle connections when it closes, in milliseconds. Default 0. */
  idleGraceMilliseconds?: number
}

/**
 * Builds the gateway and listens: the API under `/api`, the web app everywhere else.
 * @throws {ProxyConfigurationError} when the proxy configuration has faults, with all of them
 * @throws {WebAppMissingError} when the web app is not built
 */
export async function createApiGateway(options: ApiGatewayOptions): Promise<RunningApp> {
  const { config, log, backplane, clock = Date, openSocket, idleGraceMilliseconds, gatherFigures } = options
  for (const warning of config.warnings) log.warn({}, warning)
  const { PROXY_CONFIGURATION: file, proxyOverlay: overlay, AFFINITY_KEY } = config
  const knownChange = changeOf(file)
  const configuration = createCurrentConfiguration({ file, overlay, log, clock })
  const webApp = await buildWebApp(config, log)
  const telemetry = createTelemetry({ name, log })
  // Targets come to the gateway whole.
  const baseUrl = new URL(config.API_URL).origin
  const access = await createAccess({ config, name, baseUrl, backplane, log, clock, telemetry })
  const countExchange = createExchangeMetrics(telemetry)
  const accessLog = config.ACCESS_LOG === 'off' ? undefined : createAccessLog(config, telemetry.registry)
  const authorize = createAuthorization({
    authenticator: access,
    policyOf: (policy) => configuration.get().policies.get(policy),
    clock,
  })
  const streams = new AuthorizedStreams(access.stillHolds)
  const limits = createRateLimiting({
    policyOf: (policy) => configuration.get().rateLimits.get(policy),
    ...{ config, registry: telemetry.registry, log },
  })
  await limits.ready()
  const finishApiHeaders = createApiHeaders(config)
  const liveRates = createLiveRates()
  const startTrace = createTraceStart({
    trustedProxies: () => configuration.get().proxy.trustedProxies,
    oneIn: config.TRACE_ONE_IN,
  })
  // Its own spans instead of those of telemetry: they know of attempts.
  const tracer = createTracer(config, { registry: telemetry.registry, log })
  let stopping = false
  const proxy = createReverseProxy({
    configuration: configuration.get().proxy,
    ...(AFFINITY_KEY && { affinitySecret: createHash('sha256').update(AFFINITY_KEY).digest() }),
    outputCacheBytes: config.OUTPUT_CACHE_BYTES,
    ...(openSocket && { openSocket }),
    ...(idleGraceMilliseconds !== undefined && { idleGraceMilliseconds }),
    log,
    clock,
    hooks: {
      begin(exchange) {
        const { trace } = beginNotes(exchange, startTrace(exchange.request))
        // Of a trace that is recorded each attempt tells its own.
        if (!tracer?.records(trace)) exchange.upstreamHeaders.push('traceparent', formatTraceparent(trace))
      },
      authorize(exchange) {
        const refusal = authorize(exchange)
        if (refusal instanceof Promise) return refusal.then((settled) => settled ?? limits.check(exchange))
        return refusal ?? limits.check(exchange)
      },
      ...(tracer && { attempt: tracer.attempt }),
      opened(exchange, stream) {
        const { streamClaims } = notesOf(exchange)
        return streamClaims && streams.follow(streamClaims, stream)
      },
      answer: (exchange) => view.answer(exchange),
      unmatched: (exchange, response) => serveWebApp(webApp, exchange, response, stopping),
      unmatchedUpgrade: (exchange, response) =>
        pathForWebApp(exchange) !== undefined && webApp.upgrade(exchange, response),
      finishHeaders(exchange, headers) {
        limits.addHeaders(exchange, headers)
        return finishApiHeaders(exchange, headers)
      },
      renderRefusal: renderProblem,
      end(exchange) {
        limits.end(exchange)
        countExchange(exchange)
        tracer?.end(exchange)
        liveRates.note(exchange)
        accessLog?.write(exchange)
      },
    },
  })
  measureStanding(telemetry, proxy, configuration)
  const view = createGatewayView({
    ...{ snapshot: proxy.snapshot, configuration, liveRates, limits, access, clock, gatherFigures },
    revocations: backplane.revocations,
    isForWebApp: (path) => !isForApi(path),
  })
  const admin = createAdminServer({
    readiness: access.readiness,
    registry: telemetry.registry,
    isStopping: () => stopping,
    pages: {
      '/routes': view.describe,
      [figuresPath]: view.ownFigures,
      [metricsPath]: () => telemetry.registry.getMetricsAsJSON(),
    },
    log,
  })
  const closeParts = async () => {
    await webApp.close()
    await access.close()
    limits.close()
    streams.close()
    await tracer?.close()
    await closeServer(admin)
    await accessLog?.close()
    await telemetry.close()
  }
  try {
    await listen(admin, config.ADMIN_PORT, config.ADMIN_HOST)
    await proxy.listen({ host: config.HOST, port: config.PORT })
  } catch (error) {
    await proxy.close(0)
    await closeParts()
    throw error
  }
  const stopWatching = watchConfiguration(file, knownChange, () => {
    configuration.reload(proxy.reload)
    liveRates.keepOnly(proxy.snapshot().router.routes.map(({ id }) => id))
  })
  const url = urlOf(proxy.server, config.HOST)
  log.info({ url }, `${name} listens`)

  async function stop(): Promise<void> {
    stopping = true
    stopWatching()
    await proxy.close()
    await closeParts()
    log.info({}, `${name} has stopped`)
  }
  let stopped: Promise<void> | undefined
  return {
    name,
    url,
    adminUrl: urlOf(admin, config.ADMIN_HOST),
    close() {
      stopped ??= stop()
      return stopped
    },
  }
}

/** The web app takes what no route takes, except below `/api`: an unknown address there is a 404 of the API's. */
function pathForWebApp({ inspected }: Exchange): string | undefined {
  const path = inspected?.target.path
  return path === undefined || isForApi(path) ? undefined : path
}

/** Routes match without regard to case, so `/API` is the API's too. */
const isForApi = (path: string) => /^\/api(?:\/|$)/i.test(path)

function serveWebApp(
  webApp: WebApp,
  exchange: Exchange,
  response: ServerResponse,
  stopping: boolean,
): boolean {
  const path = pathForWebApp(exchange)
  if (path === undefined) return false
  if (stopping) response.shouldKeepAlive = false
  webApp.serve(exchange, path, response)
  return true
}
