import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createProcesses, freePort, type TestIssuer } from '@alicerce/testing'
import { asInProduction } from '#src/measure/as-in-production.ts'
import { openToInspection } from '#src/measure/node-inspector.ts'
import { tlsListener } from '../listeners.ts'
import type { Subject, Surroundings } from '../subject.ts'

/** Routes by what a request passes on them; the health of a destination is watched only behind the last, as in the shipped configuration. */
export const routes = {
  anonymous: '/api/anonymous',
  token: '/api/token',
  role: '/api/role',
  limited: '/api/limited',
  all: '/api/all',
}

/** What a request passes on the route `all`: what the gateway has today. */
export const policies = 'token validation, revocations, scope, role and person, rate limit, access log'

const name = 'alicerce, all policies'

/** Claims of the tokens that all routes let pass. */
export const claims = {
  scope: 'openid orders:read orders:write',
  roles: ['customer', 'support'],
  exp: Math.ceil(Date.now() / 1000) + 7200,
}

/** What the gateway is started with. */
export type GatewayParts = {
  issuer: TestIssuer
  redisUrl: string
  serverTiming?: boolean
  accessLog?: boolean
  workers?: number
  /** Whether it can be looked into. What it prints is in `output.log` of its folder. */
  isInspected?: boolean
}

/** The gateway's app as it is shipped, with routes of the benchmark's own. */
export async function gateway(
  { folder, upstream, certificate }: Surroundings,
  { issuer, redisUrl, serverTiming = true, accessLog = true, workers = 1, isInspected = false }: GatewayParts,
): Promise<Subject & { adminUrl: string }> {
  const file = join(folder, 'gateway.json')
  const webRoot = join(folder, 'web')
  await mkdir(webRoot)
  await writeFile(join(webRoot, 'index.html'), '<!doctype html><title>Alicerce</title>')
  const tlsPort = await freePort()
  const Listeners = { tls: tlsListener(tlsPort, certificate) }
  await writeFile(file, JSON.stringify(configurationFor(upstream.origin, Listeners)))
  const { pid, url, adminUrl, stop } = await createProcesses(join(folder, 'output.log')).start(
    'api-gateway',
    {
      ...asInProduction,
      ...(isInspected && { NODE_OPTIONS: `${asInProduction.NODE_OPTIONS} ${openToInspection}` }),
      ...{ APP_ENV: 'test', ISSUER_URL: issuer.issuer, REDIS_URL: redisUrl },
      ...{ PROXY_CONFIGURATION: file, WEB_ROOT: webRoot, SERVER_TIMING: String(serverTiming) },
      GATEWAY_WORKERS: String(workers),
      ACCESS_LOG: accessLog ? join(folder, 'access.log') : 'off',
    },
  )
  const tlsUrl = `https://127.0.0.1:${tlsPort}${routes.all}`
  return { name, pid, stop, adminUrl, url: url + routes.all, tlsUrl, http2Url: tlsUrl }
}

/** As in the shipped configuration: a prefix taken off, cookies held back, health watched. */
function configurationFor(upstream: string, listeners: object): object {
  const route = (path: string, policy: string, limit = 'Disable', cluster = 'unwatched') => ({
    ClusterId: cluster,
    AuthorizationPolicy: policy,
    RateLimiterPolicy: limit,
    Match: { Path: `${path}/{**rest}`, Methods: ['GET', 'HEAD', 'POST'] },
    Transforms: [{ PathRemovePrefix: path }, { RequestHeaderRemove: 'Cookie' }],
  })
  const cluster = {
    Destinations: { 1: { Address: `${upstream}/` } },
    HttpRequest: { ActivityTimeout: '00:00:30' },
  }
  const health = { AvailableDestinationsPolicy: 'HealthyOrPanic', Passive: { Enabled: true } }
  const role = { Scopes: ['orders:read'], Roles: ['administrator', 'support'], User: true }
  return {
    ReverseProxy: {
      Listeners: listeners,
      Routes: {
        anonymous: route(routes.anonymous, 'Anonymous'),
        token: route(routes.token, 'token'),
        role: route(routes.role, 'role'),
        limited: route(routes.limited, 'role', 'wide'),
        all: route(routes.all, 'role', 'wide', 'watched'),
      },
      Clusters: { unwatched: cluster, watched: { ...cluster, HealthCheck: health } },
      Policies: {
        Authorization: { token: {}, role },
        // So wide that nobody is refused: one subject sends all of the load.
        RateLimiter: { wide: { Permits: 10_000_000, Window: '00:01:00', By: ['Subject'] } },
      },
    },
  }
}

/** The same process on another of its routes, as a subject of its own. */
export function onRoute(subject: Subject, route: string, name: string): Subject {
  const { url, tlsUrl = url, http2Url = url, ...rest } = subject
  const at = (origin: string) => new URL(route, origin).href
  return { ...rest, name, url: at(url), tlsUrl: at(tlsUrl), http2Url: at(http2Url) }
}
