import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startTestServers } from '@alicerce/testing'
import { prove } from './proof.ts'
import { textOf, writeReport } from './report/report.ts'

const folder = '.alicerce/proof'
const help = `Usage: npm run prove [-- --seconds <n>] [--seed <n>] [--json]

Holds the cache against its promises. Three processes of a service read and write through it, on real PostgreSQL and Redis, while
processes are killed and stopped at the worst moments, Redis freezes, dies, forgets and comes back with old data, and links are cut, slow or
half open. Every read is then judged by the times of the commits. Caches that are known to be wrong go through the same, and must be found
guilty.

  --seconds <n>   how long faults go on (default 120); 40 for each cache that is there to be convicted
  --seed <n>      decides which faults come in which order (default: another one each time; the report names it)
  --json          one last line for programs: {"prove": {…figures}, "holds": true|false}

Progress goes to standard error. The report, with a picture, is left in ${folder}. Exit code 1 where something does not hold.`

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
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
  holds = proof.claims.every((claim) => claim.holds)
  writeReport(proof, join(import.meta.dirname, '../..', folder))
  console.log(textOf(proof))
  if (values.json) console.log(JSON.stringify({ prove: proof.figures, holds }))
} finally {
  await stop()
}
process.exit(holds ? 0 : 1)
