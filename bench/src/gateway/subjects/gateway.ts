import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createProcesses, type TestIssuer } from '@alicerce/testing'
import { asInProduction } from '#src/measure/as-in-production.ts'
import type { Subject, Surroundings } from '../subject.ts'

/** Routes by the policies that they ask. */
export const routes = { anonymous: '/api/anonymous', token: '/api/token', role: '/api/role' }

/** What a request passes on the route `role`: all policies that the gateway has today. */
export const policies = 'token validation, revocations, scope, role and person'

/** What the gateway does not have yet, as issues ask for it. */
export const policiesToCome = 'rate limit and access log'

const name = 'alicerce, all policies'

/** Claims of the tokens that all routes let pass. */
export const claims = {
  scope: 'openid orders:read orders:write',
  roles: ['customer', 'support'],
  exp: Math.ceil(Date.now() / 1000) + 7200,
}

/** The gateway's app as it is shipped, with routes of the benchmark's own. */
export async function gateway(
  { folder, upstream }: Surroundings,
  { issuer, redisUrl, serverTiming = true }: { issuer: TestIssuer; redisUrl: string; serverTiming?: boolean },
): Promise<Subject> {
  const file = join(folder, 'gateway.json')
  const webRoot = join(folder, 'web')
  await mkdir(webRoot)
  await writeFile(join(webRoot, 'index.html'), '<!doctype html><title>Alicerce</title>')
  await writeFile(file, JSON.stringify(configurationFor(upstream.origin)))
  const { pid, url, stop } = await createProcesses(join(folder, 'output.log')).start('api-gateway', {
    ...asInProduction,
    ...{ APP_ENV: 'test', ISSUER_URL: issuer.issuer, REDIS_URL: redisUrl },
    ...{ PROXY_CONFIGURATION: file, WEB_ROOT: webRoot, SERVER_TIMING: String(serverTiming) },
  })
  return { name, pid, stop, url: url + routes.role }
}

/** As in the shipped configuration: a prefix taken off, cookies held back, health watched. */
function configurationFor(upstream: string): object {
  const route = (path: string, policy: string) => ({
    ClusterId: 'service',
    AuthorizationPolicy: policy,
    Match: { Path: `${path}/{**rest}`, Methods: ['GET', 'HEAD', 'POST'] },
    Transforms: [{ PathRemovePrefix: path }, { RequestHeaderRemove: 'Cookie' }],
  })
  const policies = {
    token: {},
    role: { Scopes: ['orders:read'], Roles: ['administrator', 'support'], User: true },
  }
  return {
    ReverseProxy: {
      Routes: {
        anonymous: route(routes.anonymous, 'Anonymous'),
        token: route(routes.token, 'token'),
        role: route(routes.role, 'role'),
      },
      Clusters: {
        service: {
          Destinations: { 1: { Address: `${upstream}/` } },
          HealthCheck: { AvailableDestinationsPolicy: 'HealthyOrPanic', Passive: { Enabled: true } },
          HttpRequest: { ActivityTimeout: '00:00:30' },
        },
      },
      Policies: { Authorization: policies },
    },
  }
}
