import { join } from 'node:path'
import { freePort } from '@alicerce/testing'
import {
  type Figures,
  figuresOf,
  loadRound,
  type Operation,
  perSecondOf,
  type Round,
} from '#src/measure/load.ts'
import { type Peer, startPeer } from '#src/measure/peer.ts'
import { residentMegabytesOf } from '#src/measure/process-usage.ts'
import { median, quantile } from '#src/measure/statistics.ts'
import { progress, type Report, rounded, type Table } from '#src/report.ts'
import { client } from './client.ts'
import { createAsker, type Target } from './oauth.ts'
import { type Platform, startPlatform } from './platform.ts'
import { measureRevocations } from './revocation.ts'

const rounds = 5
const roundSeconds = 2
const workers = 16
const signInsPerRound = 120
const signInWorkers = 4
const starts = 5

const script = (name: string) => join(import.meta.dirname, name)

/** Our auth server and its peer. */
type Side = 'ours' | 'bare'
type Pair<Value> = Record<Side, Value>

/** Measures the auth server beside a bare oidc-provider in memory. */
export async function benchAuth(): Promise<Report> {
  await using opened = new AsyncDisposableStack()
  progress('Starting PostgreSQL, Redis, the auth server and a bare oidc-provider')
  const platform = await startPlatform()
  opened.defer(platform.stop)
  const port = await freePort()
  const bare = await startPeer(script('bare-provider.ts'), String(port))
  opened.defer(bare.stop)
  const hash = await startPeer(script('bare-hash.ts'))
  opened.defer(hash.stop)
  const targets: Pair<Target> = {
    ours: { pid: platform.auth.pid, url: platform.auth.url, issuer: platform.issuer },
    bare: { pid: bare.pid, url: `http://127.0.0.1:${port}`, issuer: `http://localhost:${port}` },
  }
  const { ours, bare: theirs } = {
    ours: createAsker(targets.ours, { workers }),
    bare: createAsker(targets.bare, { workers }),
  }
  opened.defer(async () => void (await Promise.all([ours.close(), theirs.close()])))

  const inTurns = (name: string, operations: Pair<Operation>) => inRounds(name, targets, operations)
  const credentials = await inTurns('Client credentials', {
    ours: ours.clientCredentials(),
    bare: theirs.clientCredentials(),
  })
  const refresh = await inTurns('Refresh', { ours: await ours.refresh(), bare: await theirs.refresh() })
  const flow = await inTurns('Full code flow', { ours: await ours.codeFlow(), bare: await theirs.codeFlow() })
  const introspection = await inTurns('Introspection', {
    ours: await ours.introspection({ resource: client.resource, scope: 'orders:read' }),
    bare: await theirs.introspection({}),
  })
  const signIn = await signInRounds(ours, targets.ours, hash)
  const memory = { ours: residentMegabytesOf(platform.auth.pid), bare: residentMegabytesOf(bare.pid) }
  const started = await startTimes(platform)
  progress('Revocations at 3 gateways')
  const delays = await measureRevocations(ours, await platform.startGateways(3))

  const refreshPerCpuSecond = figuresOf(refresh.ours).perCpuSecond
  return {
    tables: [
      {
        title: `Load: ${workers} connections, ${rounds} rounds in turns, medians (p50 and p99 in ms over all)`,
        rows: [
          ...rowsOf('client credentials', credentials),
          ...rowsOf('refresh', refresh),
          ...rowsOf('full code flow', flow),
          ...rowsOf('introspection', introspection),
          row('password sign-in', 'auth server', figuresOf(signIn.ours)),
          row('password sign-in', 'argon2id alone', figuresOf(signIn.bare)),
        ],
      },
      processTable(platform, memory, started),
      {
        title: `From the answer of the revocation endpoint to the refusal at each of 3 gateways, ${delays.length} times`,
        rows: [0.5, 0.9, 0.99, 1].map((share) => ({
          share: `p${share * 100}`,
          ms: rounded(quantile(delays, share)),
        })),
      },
    ],
    bars: [
      {
        name: 'client credentials with PostgreSQL ≥ 0.7 × bare oidc-provider in memory',
        ...{ value: ratioOf(credentials), limit: 0.7, better: 'higher' },
      },
      {
        name: 'refresh ≥ 1200/s per core of the auth server',
        ...{ value: refreshPerCpuSecond, limit: 1200, better: 'higher' },
      },
      {
        name: 'sign-in bounded by argon2id alone (≥ 0.9 of the bare hash rate)',
        ...{ value: ratioOf(signIn), limit: 0.9, better: 'higher' },
      },
      { name: 'start ≤ 1000 ms', value: median(started.ours), limit: 1000, better: 'lower' },
      { name: 'resident memory ≤ 200 MB under load', value: memory.ours.peak, limit: 200, better: 'lower' },
      {
        name: 'revocation p99 ≤ 100 ms from the answer of the revocation endpoint to the refusal at every one of 3 gateways',
        ...{ value: quantile(delays, 0.99), limit: 100, better: 'lower' },
      },
    ],
  }
}

async function inRounds(
  name: string,
  targets: Pair<Target>,
  operations: Pair<Operation>,
): Promise<Pair<Round[]>> {
  const round = (side: Side, seconds: number) =>
    loadRound(operations[side], { workers, pid: targets[side].pid, until: { seconds } })
  const done: Pair<Round[]> = { ours: [], bare: [] }
  for (const side of ['ours', 'bare'] as const) await round(side, 1) // warms up
  for (let number = 1; number <= rounds; number++) {
    for (const side of ['ours', 'bare'] as const) done[side].push(await round(side, roundSeconds))
    const [mine, bare] = [done.ours.at(-1), done.bare.at(-1)].map((each) =>
      Math.round(perSecondOf(each as Round)),
    )
    progress(`${name}, round ${number} of ${rounds}: auth server ${mine}/s, bare ${bare}/s`)
  }
  return done
}

async function signInRounds(
  asker: ReturnType<typeof createAsker>,
  { pid }: Target,
  hash: Peer,
): Promise<Pair<Round[]>> {
  const done: Pair<Round[]> = { ours: [], bare: [] }
  const until = { operations: signInsPerRound }
  for (let number = 0; number <= rounds; number++) {
    const forms = await asker.filledForms(signInsPerRound)
    const send: Operation = () => asker.signIn(forms.pop() as (typeof forms)[number])
    const ours = await loadRound(send, { workers: signInWorkers, pid, until })
    const all: Operation = () => hash.ask(signInsPerRound)
    const { seconds, cpuSeconds } = await loadRound(all, {
      workers: 1,
      pid: hash.pid,
      until: { operations: 1 },
    })
    const each = (seconds * 1000) / (signInsPerRound / 2) // two at once
    const bare = { operations: signInsPerRound, seconds, cpuSeconds, milliseconds: [each] }
    if (number === 0) continue // warms up
    done.ours.push(ours)
    done.bare.push(bare)
    const [mine, alone] = [ours, bare].map((round) => Math.round(perSecondOf(round)))
    progress(
      `Password sign-in, round ${number} of ${rounds}: auth server ${mine}/s, argon2id alone ${alone}/s`,
    )
  }
  return done
}

/** Our rate as a share of the other's, in each pair of rounds; the median. */
const ratioOf = ({ ours, bare }: Pair<Round[]>) =>
  median(ours.map((round, number) => perSecondOf(round) / perSecondOf(bare[number] as Round)))

async function startTimes(platform: Platform): Promise<Pair<number[]>> {
  const times: Pair<number[]> = { ours: [], bare: [] }
  for (let number = 1; number <= starts; number++) {
    const another = await platform.startAnother()
    times.ours.push(another.startMilliseconds)
    await another.stop()
    const bare = await startPeer(script('bare-provider.ts'), String(await freePort()))
    times.bare.push(bare.startMilliseconds)
    await bare.stop()
    progress(`Start ${number} of ${starts}: auth server ${Math.round(another.startMilliseconds)} ms`)
  }
  return times
}

const rowsOf = (operation: string, { ours, bare }: Pair<Round[]>) => [
  row(operation, 'auth server', figuresOf(ours)),
  row(operation, 'bare oidc-provider', figuresOf(bare)),
]

const row = (operation: string, server: string, figures: Figures): Table['rows'][number] => ({
  ...{ operation, server },
  '/s': rounded(figures.perSecond),
  p50: rounded(figures.p50),
  p99: rounded(figures.p99),
  'CPU ms': rounded(figures.cpuMilliseconds),
  '/CPU-s': rounded(figures.perCpuSecond),
})

function processTable(
  platform: Platform,
  memory: Pair<{ now: number; peak: number }>,
  started: Pair<number[]>,
): Table {
  const of = (server: string, side: Side, first: number | string) => ({
    ...{ server, 'first start, ms': first, 'start, ms': rounded(median(started[side])) },
    ...{ 'RSS, MB': rounded(memory[side].now), 'peak RSS, MB': rounded(memory[side].peak) },
  })
  return {
    title: 'Processes: start until ready (the first one makes the keys), memory after and under the load',
    rows: [
      of('auth server', 'ours', rounded(platform.firstStartMilliseconds)),
      of('bare oidc-provider', 'bare', ''),
    ],
  }
}
