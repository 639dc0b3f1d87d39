import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startRedis } from '@alicerce/local-infrastructure'
import { createProcesses, createTestIssuer, freePort } from '@alicerce/testing'
import { asInProduction } from '#src/measure/as-in-production.ts'
import { openToInspection } from '#src/measure/node-inspector.ts'
import { configurationFor } from './configuration.ts'
import { type GatewayResources, resourcesOf } from './gateway-resources.ts'
import { type Service, startService } from './services.ts'

const claims = { scope: 'openid orders:read orders:write', roles: ['customer'] }
/** Unannounced keys are looked for once in half a minute: no flood of them can make the gateway ask the issuer more often. */
const longestKeySearch = 31_000

/** All that a storm goes over. */
export type Setting = {
  readonly services: readonly Service[]
  /** Where the gateway takes requests. */
  readonly url: string
  /** Of the moment. */
  token(): string
  /** New keys, and a token by them; nothing where there were new ones a moment ago. */
  rotateKeys(): Promise<void>
  killRedis(milliseconds: number): Promise<void>
  /** Writes another configuration, and tells the gateway. Gives which one it is. */
  reload(): Promise<number>
  gatewayResources(): Promise<GatewayResources>
}

/** Starts three services, Redis, an issuer and the gateway, each a process of its own; `opened` stops them. */
export async function startSetting(opened: AsyncDisposableStack): Promise<Setting> {
  const folder = await mkdtemp(join(tmpdir(), 'alicerce-storm-'))
  opened.defer(() => rm(folder, { recursive: true, force: true }))
  const services = [await startService(), await startService(), await startService()]
  for (const service of services) opened.defer(service.stop)
  const redisPort = await freePort()
  const startOwnRedis = () =>
    startRedis({ directory: join(folder, 'redis'), persistent: false, port: redisPort })
  let redis = await startOwnRedis()
  opened.defer(() => redis.stop())
  const issuer = await createTestIssuer({ algorithm: 'RS256' })
  opened.defer(issuer.close)

  const [file, output] = [join(folder, 'gateway.json'), join(folder, 'output.log')]
  const addresses = services.map(({ address }) => address)
  let turn = 0
  await writeFile(file, configurationFor(addresses, turn))
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Alicerce</title>')
  const gateway = await createProcesses(output).start('api-gateway', {
    ...asInProduction,
    NODE_OPTIONS: `${asInProduction.NODE_OPTIONS} ${openToInspection}`,
    ...{ APP_ENV: 'test', ISSUER_URL: issuer.issuer, REDIS_URL: redis.url, LOG_LEVEL: 'error' },
    ...{ PROXY_CONFIGURATION: file, WEB_ROOT: folder, ACCESS_LOG: join(folder, 'access.log') },
  })
  opened.defer(gateway.stop)

  let token = await issuer.sign(claims)
  let rotatedAt = Number.NEGATIVE_INFINITY
  return {
    services,
    url: `${gateway.url}/api/echo`,
    token: () => token,
    async rotateKeys() {
      if (performance.now() - rotatedAt < longestKeySearch) return
      rotatedAt = performance.now()
      await issuer.rotate()
      token = await issuer.sign(claims)
    },
    async killRedis(milliseconds) {
      process.kill(redis.pid, 'SIGKILL')
      await sleep(milliseconds)
      redis = await startOwnRedis()
    },
    async reload() {
      await writeFile(file, configurationFor(addresses, ++turn))
      process.kill(gateway.pid, 'SIGHUP')
      return turn
    },
    gatewayResources: () => resourcesOf(gateway.pid, output),
  }
}
