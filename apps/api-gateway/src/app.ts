import { once } from 'node:events'
import type { Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  createAuthenticator,
  createKeySet,
  createRevocationList,
  createTokenValidator,
} from '@alicerce/access-tokens'
import { createReverseProxy, type Exchange, ProxyConfigurationError } from '@alicerce/reverse-proxy'
import {
  type Backplane,
  type Clock,
  createAdminServer,
  createTelemetry,
  formatTraceparent,
  type Log,
  type RunningApp,
} from '@alicerce/service-kit'
import { finishApiHeaders, renderProblem } from './answers.ts'
import { createAuthorization } from './authorization.ts'
import type { ApiGatewayConfig } from './config.ts'
import { beginNotes, notesOf } from './exchange-notes.ts'
import { readGatewayConfiguration } from './gateway-configuration.ts'
import { createExchangeMetrics } from './metrics.ts'
import { watchConfiguration } from './watch-configuration.ts'
import { readWebFiles } from './web-app/files.ts'
import { webAppHeaders } from './web-app/headers.ts'
import { createWebApp, type WebApp } from './web-app/serve.ts'

const name = 'api-gateway'

/** What the gateway is built from. */
export type ApiGatewayOptions = {
  config: ApiGatewayConfig
  log: Log
  /** Stays the caller's to close. */
  backplane: Backplane
  /** Default `Date`. */
  clock?: Clock
}

/** Builds the gateway and listens: the API under `/api`, the web app everywhere else. */
export async function createApiGateway(options: ApiGatewayOptions): Promise<RunningApp> {
  const { config, log, clock = Date } = options
  for (const warning of config.warnings) log.warn({}, warning)
  const readFile = () => readGatewayConfiguration(config.PROXY_CONFIGURATION, config.proxyOverlay)
  let configuration = readFile()
  const access = createAccess(options, clock)
  const webApp = await buildWebApp(config)
  const telemetry = createTelemetry({ name })
  const measure = createExchangeMetrics(telemetry)
  const authorize = createAuthorization(access.authenticator, (policy) => configuration.policies.get(policy))

  const proxy = createReverseProxy({
    configuration: configuration.proxy,
    log,
    clock,
    hooks: {
      begin(exchange) {
        const { trace } = beginNotes(exchange)
        exchange.upstreamHeaders.push('traceparent', formatTraceparent(trace))
      },
      authorize,
      unmatched: (exchange, response) => serveWebApp(webApp, exchange, response),
      finishHeaders: (exchange, headers) => finishApiHeaders(exchange, headers, config.SERVER_TIMING),
      renderRefusal: renderProblem,
      end: measure,
    },
  })

  function reload(): void {
    try {
      configuration = readFile()
      proxy.reload(configuration.proxy)
      log.info({ file: config.PROXY_CONFIGURATION }, 'The proxy configuration was reloaded')
    } catch (error) {
      if (!(error instanceof ProxyConfigurationError)) throw error
      log.error({ error }, 'The proxy configuration was not reloaded: the old one stays')
    }
  }

  let stopping = false
  const admin = createAdminServer({
    readiness: {
      keys: async () => {
        if (!access.isReady()) throw new Error('The key set of the issuer was not fetched yet')
      },
    },
    registry: telemetry.registry,
    isStopping: () => stopping,
    log,
  })
  await access.start()
  admin.listen(config.ADMIN_PORT, config.ADMIN_HOST)
  await once(admin, 'listening')
  const port = await proxy.listen({ host: config.HOST, port: config.PORT })
  const stopWatching = watchConfiguration(config.PROXY_CONFIGURATION, reload)
  log.info({ port }, `${name} listens`)

  return {
    name,
    url: `http://${reachable(config.HOST)}:${port}`,
    adminUrl: `http://${reachable(config.ADMIN_HOST)}:${(admin.address() as AddressInfo).port}`,
    async close() {
      stopping = true
      stopWatching()
      await proxy.close()
      await access.close()
      await closeServer(admin)
    },
  }
}

/** The web app takes what no route takes, except below `/api`: an unknown address there is a 404 of the API's. */
function serveWebApp(webApp: WebApp, exchange: Exchange, response: ServerResponse): boolean {
  const path = exchange.inspected?.target.path
  if (path === undefined || path === '/api' || path.startsWith('/api/')) return false
  response.setHeader('trace-id', notesOf(exchange).trace.traceId)
  webApp.serve(exchange.request, path, response)
  return true
}

async function buildWebApp(config: ApiGatewayConfig): Promise<WebApp> {
  return createWebApp({
    files: await readWebFiles(config.WEB_ROOT),
    headers: webAppHeaders(config.ISSUER_URL, false),
    configuration: { issuer: config.ISSUER_URL, clientId: 'web', audience: config.API_AUDIENCE },
  })
}

function createAccess({ config, backplane, log }: ApiGatewayOptions, clock: Clock) {
  const keySet = createKeySet({ url: `${config.AUTH_INTERNAL_URL ?? config.ISSUER_URL}/jwks`, clock, log })
  const validator = createTokenValidator({
    issuer: config.ISSUER_URL,
    audience: config.API_AUDIENCE,
    keySet,
    clock,
  })
  const revocations = createRevocationList({ feed: backplane.revocations, clock })
  return {
    authenticator: createAuthenticator({ validator, revocations }),
    isReady: () => keySet.isReady(),
    start: async () => void (await Promise.all([keySet.start(), revocations.start()])),
    async close() {
      keySet.close()
      await revocations.close()
    },
  }
}

const reachable = (host: string) => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host)

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
