import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeStopping } from '#src/measure/stop-when-told-to.ts'
import { type Bar, progress, type Report, type Table } from '#src/report.ts'
import { measureIdle } from './idle.ts'
import { measureLowLoad } from './low-load.ts'
import { measurePolicies } from './policy-steps.ts'
import { checkAnswers, get, getOverHttp2, getOverTls, type Kind, messages, post } from './requests.ts'
import { cpuRatio, inTurns, type Plan, type Rounds } from './rounds.ts'
import { type Platform, startPlatform } from './start.ts'
import { policies } from './subjects/gateway.ts'
import { tableOf } from './tables.ts'
import { measureTokenKinds } from './token-kinds.ts'
import { requireTools } from './tools.ts'

const usual: Plan = { rounds: 3, seconds: 1 }
/** Where opening the connections would count too much in one second. */
const longer: Plan = { rounds: 3, seconds: 2 }

const mainTitle = 'GET 200 B, 64 connections'

const rows: { title: string; kind: Kind; plan: Plan }[] = [
  { title: 'GET 1 KB, 64 connections', kind: get('1 KB'), plan: usual },
  { title: 'GET 10 KB, 64 connections', kind: get('10 KB'), plan: usual },
  { title: 'GET 100 KB, 64 connections', kind: get('100 KB'), plan: usual },
  { title: 'POST 1 KB, 64 connections', kind: post('1 KB'), plan: usual },
  { title: 'POST 100 KB, 64 connections', kind: post('100 KB'), plan: usual },
  { title: 'GET 200 B, 512 connections', kind: get('200 B', 512), plan: longer },
  { title: 'GET 200 B over TLS, 64 connections', kind: getOverTls, plan: longer },
  { title: 'GET 200 B over HTTP/2 and TLS, 4 connections with 16 streams', kind: getOverHttp2, plan: longer },
  { title: 'WebSocket messages of 200 B, there and back, 64 connections', kind: messages, plan: usual },
]

/** Measures the gateway beside nginx, HAProxy and the proxies that run in Node, each in one process on one core. */
export async function benchGateway(): Promise<Report> {
  requireTools()
  await using opened = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'alicerce-bench-'))
  const removeFolder = () => rm(folder, { recursive: true, force: true })
  opened.defer(removeFolder)
  beforeStopping(removeFolder)
  progress('Starting the upstream, Redis and every subject')
  const platform = await startPlatform(folder, opened)
  const { upstream, issuer, authorization } = platform
  const { engine, gateway, gatewayUnwatched, nginx, fastify, haproxyWithTokens } = platform.subjects
  const subjects = Object.values(platform.subjects)
  for (const subject of subjects) await checkAnswers(subject, authorization)

  const idle = await measureIdle(subjects, authorization)
  const main = await measure(platform, mainTitle, get('200 B'), { rounds: 5, seconds: 2 })
  const fewer = await platform.startWithoutLog()
  const each = await measurePolicies(
    { engine, ...fewer, unwatched: gatewayUnwatched, gateway },
    authorization,
  )
  const inside = await platform.profilePolicies()
  const others: Table[] = []
  for (const { title, kind, plan } of rows) others.push((await measure(platform, title, kind, plan)).table)
  const tokens = await measureTokenKinds([haproxyWithTokens, gatewayUnwatched], folder, issuer)
  const scaling = await platform.measureScaling()
  const lowLoad = await measureLowLoad(subjects, upstream, authorization)

  const ratioTo = ({ name }: { name: string }) => cpuRatio(main.rounds, gateway.name, name)
  const bar = (name: string, value: number, limit: number): Bar => ({ name, value, limit, better: 'lower' })
  const all = 'CPU with all policies on, GET 200 B'
  return {
    tables: [
      { ...main.table, title: `${mainTitle} (all policies: ${policies})` },
      ...others,
      tokens,
      inside.table,
      each,
      scaling,
      lowLoad,
      idle,
    ],
    bars: [
      bar(`${all} ≤ 2.2 × plain nginx`, ratioTo(nginx), 2.2),
      bar(`${all} < HAProxy's jwt_verify`, ratioTo(haproxyWithTokens), 1),
      bar(`${all} ≤ 1/3 of @fastify/http-proxy without any policy`, ratioTo(fastify), 0.333),
      bar(`moonshot: ${all} ≤ 1.5 × plain nginx`, ratioTo(nginx), 1.5),
      bar('each policy ≤ 1 µs a request', inside.most, 1),
    ],
  }
}

async function measure(
  { subjects, authorization }: Platform,
  title: string,
  kind: Kind,
  plan: Plan,
): Promise<{ table: Table; rounds: Rounds }> {
  const all = Object.values(subjects)
  const targets = all.flatMap((subject) => kind(subject, authorization) ?? [])
  const rounds = await inTurns(title, targets, plan)
  const names = all.map(({ name }) => name)
  return { table: tableOf(title, rounds, names), rounds }
}
