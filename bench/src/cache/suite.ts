import { startTestServers, testRedisUrl } from '@alicerce/testing'
import { progress, type Report, rounded, type Table } from '#src/report.ts'
import { measureDeadlineAndLoad, measureFrozen } from './frozen.ts'
import { type Call, type CallFigures, inTurns, type RoundPlan } from './rounds.ts'
import { measureStampede } from './stampede.ts'
import type { Levels, Row, Subject } from './subject.ts'
import { subjects } from './subjects.ts'

const sizes = { '64 B': 64, '1 KB': 1024, '16 KB': 16_384 }
/** The size by which the bars are judged, and of whatever is measured at one size only. */
const usual = '1 KB'
const keys = 500
const together = 50
/** How long a command of this cache waits for Redis, milliseconds: its default. */
const deadline = 50

type Figures = Map<string, CallFigures>

const inMemory = { calls: 100_000, concurrency: 1, rounds: 7, timedTogether: 1000 }
const overTheWire = { calls: 20_000, concurrency: 64, rounds: 9, timedTogether: 1 }

/** Measures the cache beside the bare client and the caches that Node has. */
export async function benchCache(): Promise<Report> {
  await using opened = new AsyncDisposableStack()
  opened.defer(await startTestServers())
  const tables: Table[] = []
  const hits: Record<string, Figures> = {}
  for (const [size, bytes] of Object.entries(sizes)) {
    const row = rowOf(bytes)
    hits[`memory ${size}`] = await measure(`Hit in memory, ${size}`, 'memory and Redis', row, inMemory, hit)
    hits[`Redis ${size}`] = await measure(`Hit in Redis, ${size}`, 'Redis', row, overTheWire, hit)
  }
  for (const [title, figures] of Object.entries(hits)) tables.push(tableOf(`Hit in ${title}`, figures))
  const row = rowOf(sizes[usual])
  const fewer = { ...overTheWire, calls: 2000, rounds: 5 }
  tables.push(tableOf('Miss', await measure('Miss', 'Redis', row, fewer, miss)))
  const many = { ...fewer, calls: 500, concurrency: 8 }
  tables.push(tableOf(`Read ${together} at once`, await measure('Read many', 'Redis', row, many, readMany)))
  tables.push(tableOf('Invalidate', await measure('Invalidate', 'Redis', row, fewer, invalidate)))
  const loads = await stampedes()
  tables.push(loads)
  const frozen = await whileFrozen()
  tables.push(frozen.table)
  const memory = hits[`memory ${usual}`] as Figures
  const redis = hits[`Redis ${usual}`] as Figures
  return {
    tables,
    bars: [
      {
        name: 'L2 hit ≤ 1.3 × the CPU of raw GET + parse',
        value: cpuOf(redis, 'alicerce') / cpuOf(redis, 'bare client'),
        ...{ limit: 1.3, better: 'lower' },
      },
      { name: 'L1 hit < 1 µs', value: memory.get('alicerce')?.p50 as number, limit: 1, better: 'lower' },
      {
        name: 'exactly 1 load per cold key over all processes',
        value: loads.rows.find(({ cache }) => cache === 'alicerce')?.most as number,
        ...{ limit: 1, better: 'lower' },
      },
      {
        name: 'with Redis frozen, p99 of a read ≤ its deadline + the load',
        value: frozen.p99,
        ...{ limit: frozen.limit, better: 'lower' },
      },
    ],
  }
}

const cpuOf = (figures: Figures, name: string) => figures.get(name)?.cpuMicroseconds as number

const rowOf = (bytes: number): Row => ({ id: '1', version: 1, text: 'x'.repeat(bytes) })

/** What a call does, on a cache that was made for it. `undefined`: this cache has no such thing. */
type Deed = (subject: Subject) => Promise<Call | undefined>

async function hit({ read }: Subject): Promise<Call> {
  for (let number = 0; number < keys; number++) await read(`key-${number}`)
  return (number) => read(`key-${number % keys}`)
}

async function miss({ read }: Subject): Promise<Call> {
  let fresh = 0
  return () => read(`fresh-${fresh++}`)
}

async function readMany({ read, readMany }: Subject): Promise<Call | undefined> {
  if (!readMany) return undefined
  for (let number = 0; number < keys; number++) await read(`key-${number}`)
  const sets = Array.from({ length: keys / together }, (_, set) =>
    Array.from({ length: together }, (_, number) => `key-${set * together + number}`),
  )
  return (number) => readMany(sets[number % sets.length] as string[])
}

const invalidate: Deed =
  async ({ invalidate }) =>
  (number) =>
    invalidate(`key-${number % keys}`)

/** Every subject has a Redis database of its own: none is told of what another does. */
async function measure(
  title: string,
  levels: Levels,
  row: Row,
  plan: RoundPlan,
  deed: Deed,
): Promise<Figures> {
  progress(title)
  const made = new Map<string, Subject>()
  const calls = new Map<string, Call>()
  const redisUrls = Object.keys(subjects).map((name) => [name, testRedisUrl()] as const)
  try {
    for (const [name, redisUrl] of redisUrls) {
      // The bare client keeps nothing in memory.
      if (name === 'bare client' && deed === hit && levels === 'memory and Redis') continue
      const load = async (id: string) => ({ ...row, id })
      const subject = (await subjects[name]?.({ redisUrl, levels, load })) as Subject
      made.set(name, subject)
      const call = await deed(subject)
      if (call) calls.set(name, call)
    }
    return await inTurns(calls, plan)
  } finally {
    await Promise.all([...made.values()].map((subject) => subject.close()))
  }
}

async function stampedes(): Promise<Table> {
  const rows: Table['rows'] = []
  for (const cache of Object.keys(subjects)) {
    progress(`Stampede on ${cache}`)
    const { mean, most } = await measureStampede(cache, testRedisUrl())
    rows.push({ cache, loads: rounded(mean), most })
  }
  return { title: 'Loads of a cold key that 2 processes ask for 50 times each (20 keys)', rows }
}

async function whileFrozen() {
  const rows: Table['rows'] = []
  let p99 = Number.NaN
  for (const [cache, make] of Object.entries(subjects)) {
    progress(`Redis frozen, ${cache}`)
    const figures = await measureFrozen(make)
    if (cache === 'alicerce') p99 = figures.p99
    const milliseconds = (value: number) => (Number.isFinite(value) ? rounded(value) : '> 3000')
    rows.push({
      cache,
      'first read, ms': milliseconds(figures.first),
      'p50, ms': milliseconds(figures.p50),
      'p99, ms': milliseconds(figures.p99),
    })
  }
  const title = 'Reads of cold keys while Redis is frozen (a load takes 5 ms, the deadline is 50 ms)'
  return { table: { title, rows }, p99, limit: rounded(await measureDeadlineAndLoad(deadline)) }
}

function tableOf(title: string, figures: Figures): Table {
  return {
    title,
    rows: [...figures].map(([cache, { perSecond, cpuMicroseconds, p50, p99 }]) => ({
      cache,
      '/s': Math.round(perSecond),
      'CPU µs': rounded(cpuMicroseconds),
      'p50 µs': rounded(p50),
      'p99 µs': rounded(p99),
    })),
  }
}
