import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startTestServers } from '@alicerce/testing'
import { prove } from './proof.ts'
import { figuresOf, textOf, writeReport } from './report/report.ts'

const folder = '.alicerce/proof'
const help = `Usage: npm run prove [-- --seconds <n>] [--seed <n>] [--publish] [--json]

Holds the cache against its promises:
  exploration  orders of events, chosen by a scheduler on a virtual clock, over the model and over real Redis
  mutants      wrong variants of the cache, each of which must be found out
  stampedes    processes × callers on one key, with slow, failing and hanging loaders; PostgreSQL counts the loads
  trials       three processes of a service on real PostgreSQL and Redis: one, with a replica, and Redis Cluster (three primaries with a
               replica each), while processes are killed and stopped at the worst moments, Redis freezes, dies, forgets, comes back with
               old data and is taken over, slots move, and links are cut, slow or half open. Every read is judged by the times of the
               commits. Caches that are known to be wrong must be found guilty.

  --seconds <n>   how long it explores, and how long faults go on in each trial of the cache (default 120)
  --seed <n>      decides what comes in which order (default: another one each time; the report names it)
  --publish       leaves the picture in docs/images too
  --json          one last line for programs: {"prove": {…figures}, "holds": true|false}

Progress goes to standard error. The report, with a picture, is left in ${folder}; seeds that fail in proof/kept-seeds.json, where they
are tried first from then on. Exit code 1 where something does not hold.`

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    publish: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) {
  console.log(help)
  process.exit(0)
}
const [seconds, seed] = [Number(values.seconds), Number(values.seed)]
if (!(seconds > 0) || !Number.isInteger(seed)) {
  console.error('--seconds must be above 0, and --seed a whole number. npm run prove -- --help')
  process.exit(2)
}

const started = performance.now()
const progress = (message: string) => {
  const at = ((performance.now() - started) / 1000).toFixed(1)
  process.stderr.write(`${at.padStart(6)} s  ${message}\n`)
}
const stop = await startTestServers()
let holds = false
try {
  const proof = await prove({ seed, seconds, progress })
  holds = proof.holds
  const root = join(import.meta.dirname, '../..')
  writeReport(proof, join(root, folder), values.publish ? join(root, 'docs/images') : undefined)
  console.log(textOf(proof))
  if (values.json) console.log(JSON.stringify({ prove: figuresOf(proof), holds }))
} finally {
  await stop()
}
process.exit(holds ? 0 : 1)
