import { mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startRedis } from '@alicerce/local-infrastructure'
import { createProcesses, createTestIssuer, freePort } from '@alicerce/testing'
import { asInProduction } from '#src/measure/as-in-production.ts'
import { type Bar, progress, type Report, rounded } from '#src/report.ts'
import { startBadClients } from './bad-clients.ts'
import { faultsOf } from './faults.ts'
import { startLoad } from './load.ts'
import { startService } from './services.ts'

const stormSeconds = 60
const longestKeySearch = 31_000
const claims = { scope: 'openid orders:read orders:write', roles: ['customer'] }
const bad = { idle: 10_000, slowWriters: 50, slowReaders: 50 }

/** Lets everything that the gateway depends on fail under load, and looks whether an answer was ever wrong, and whether all is as before in the end. */
export async function benchStorm(): Promise<Report> {
  await using opened = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'alicerce-storm-'))
  opened.defer(() => rm(folder, { recursive: true, force: true }))
  progress('Starting three services, Redis, an issuer and the gateway')
  const services = [await startService(), await startService(), await startService()]
  for (const service of services) opened.defer(service.stop)
  const redisPort = await freePort()
  const startOwnRedis = () =>
    startRedis({ directory: join(folder, 'redis'), persistent: false, port: redisPort })
  let redis = await startOwnRedis()
  opened.defer(() => redis.stop())
  const issuer = await createTestIssuer({ algorithm: 'RS256' })
  opened.defer(issuer.close)
  const file = join(folder, 'gateway.json')
  const write = (turn: number) =>
    writeFile(
      file,
      configurationFor(
        services.map(({ address }) => address),
        turn,
      ),
    )
  await write(0)
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Alicerce</title>')
  const gateway = await createProcesses(join(folder, 'output.log')).start('api-gateway', {
    ...asInProduction,
    ...{ APP_ENV: 'test', ISSUER_URL: issuer.issuer, REDIS_URL: redis.url, LOG_LEVEL: 'error' },
    ...{ PROXY_CONFIGURATION: file, WEB_ROOT: folder, ACCESS_LOG: join(folder, 'access.log') },
  })
  opened.defer(gateway.stop)

  let token = await issuer.sign(claims)
  const url = `${gateway.url}/api/echo`
  const warmUp = startLoad(url, () => token)
  await sleep(3000)
  await warmUp.stop()
  await sleep(6000)
  const before = await resourcesOf(gateway.pid)

  progress(
    `${stormSeconds} s of faults, with ${bad.idle} idle connections and a new configuration every 100 ms`,
  )
  const letGo = await startBadClients(url, token, bad)
  const load = startLoad(url, () => token)
  let turn = 0
  let rotatedAt = Number.NEGATIVE_INFINITY
  const reloading = setInterval(async () => {
    await write(++turn)
    process.kill(gateway.pid, 'SIGHUP')
  }, 100)
  const faults = faultsOf(services, {
    async rotateKeys() {
      // Unannounced keys are looked for once in half a minute: no flood of them can make the gateway ask the issuer more often.
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
  })
  const happened = new Map<string, number>()
  const endsAt = performance.now() + stormSeconds * 1000
  for (let number = 0; performance.now() < endsAt; number++) {
    const fault = faults[number % faults.length] as (typeof faults)[number]
    happened.set(fault.name, (happened.get(fault.name) ?? 0) + 1)
    await fault.run(1500)
    progress(`${fault.name}: ${JSON.stringify(load.tally)}`)
    await sleep(300)
  }
  const calmAt = performance.now()
  clearInterval(reloading)
  await sleep(8000)
  await load.stop()
  letGo()
  const recovery = Math.max(0, load.tally.lastFailure - calmAt)
  const twice = (await Promise.all(services.map((service) => service.executedTwice()))).reduce(
    (sum, one) => sum + one,
  )
  progress('Waiting until the gateway has let go of what it held')
  await sleep(8000)
  const after = await resourcesOf(gateway.pid)

  const { right, refused, lost, wrong } = load.tally
  const bar = (name: string, value: number, limit: number): Bar => ({ name, value, limit, better: 'lower' })
  return {
    tables: [
      {
        title: `Requests during ${stormSeconds} s of storm and 8 s of calm, ${turn} reloads`,
        rows: [
          { right, refused, lost, wrong, 'executed twice': twice, 'recovered after, ms': rounded(recovery) },
        ],
      },
      { title: 'What happened', rows: [...happened].map(([what, times]) => ({ what, times })) },
      {
        title: 'The gateway before and after',
        rows: [
          { when: 'before', ...before },
          { when: 'after', ...after },
        ],
      },
    ],
    bars: [
      bar('wrong answers', wrong, 0),
      bar('requests that change something and were carried out twice', twice, 0),
      bar('sockets more than before the storm', Math.max(0, after.sockets - before.sockets), 2),
      bar('memory after the storm, × before', after['RSS, MB'] / before['RSS, MB'], 2),
    ],
  }
}

function configurationFor(addresses: readonly string[], turn: number): string {
  const Destinations = Object.fromEntries(addresses.map((Address, index) => [String(index), { Address }]))
  const Resilience = {
    Retry: { Attempts: 3, PerTryTimeout: '00:00:01' },
    CircuitBreaker: {
      MinimumRequests: 10,
      OpenFor: '00:00:00.5',
      LongestOpenFor: '00:00:01',
      Statuses: [503],
    },
  }
  return JSON.stringify({
    ReverseProxy: {
      Routes: {
        all: {
          ClusterId: 'services',
          AuthorizationPolicy: 'customers',
          RateLimiterPolicy: 'wide',
          Timeout: '00:00:05',
          Match: { Path: '/api/{**rest}' },
          Transforms: [{ PathRemovePrefix: '/api' }],
          Metadata: { turn: String(turn) },
        },
      },
      Clusters: {
        services: { Destinations, Resilience, HttpRequest: { ActivityTimeout: '00:00:03', Version: '1.1' } },
      },
      Policies: {
        Authorization: { customers: { Scopes: ['orders:read'], Roles: ['customer'], User: true } },
        RateLimiter: { wide: { Permits: 10_000_000, Window: '00:01:00', By: ['Subject'] } },
      },
    },
  })
}

async function resourcesOf(pid: number): Promise<{ sockets: number; 'RSS, MB': number }> {
  const descriptors = await readdir(`/proc/${pid}/fd`)
  const targets = await Promise.all(
    descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')),
  )
  const resident = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]
  return {
    sockets: targets.filter((target) => target.startsWith('socket:')).length,
    'RSS, MB': rounded(Number(resident) / 1024),
  }
}
