import { existsSync } from 'node:fs'
import { benchAuth } from './auth/suite.ts'
import { benchCache } from './cache/suite.ts'
import { benchGateway } from './gateway/suite.ts'
import { ToolsMissing } from './gateway/tools.ts'
import { stopWhenToldTo } from './measure/stop-when-told-to.ts'
import { printReport, progress, type Report } from './report.ts'
import { benchSoak } from './soak/suite.ts'
import { benchStorm } from './storm/suite.ts'

/** Each suite starts what it needs, measures, and stops it again. */
const suites: Record<string, () => Promise<Report>> = {
  auth: benchAuth,
  cache: benchCache,
  gateway: benchGateway,
  soak: benchSoak,
  storm: benchStorm,
}

const help = `Usage: npm run bench -- <suite> [--json]

Measures a part of the platform beside its peers, in one run and in turns, and holds the figures against the project's bars.
It starts PostgreSQL, Redis and every process itself, and stops them again.

  auth     the auth server beside a bare oidc-provider in memory, and beside bare argon2id (about four minutes)
  cache    the cache beside a bare client of Redis and the caches that Node has (about three minutes)
  gateway  the gateway beside nginx, HAProxy and the proxies that run in Node (about ten minutes; nginx, haproxy and wrk must be installed)
  soak     millions of grants that expire, two auth servers that remove them, and people who go on (about ten minutes)
  storm    the gateway under load while all that it depends on fails, and its configuration changes ten times a second (about three minutes)

  --json   one last line with the bars for programs: {"bars": [{"name", "value", "limit", "better"}]}

Progress goes to standard error. A bar that is missed does not change the exit code: times depend on the machine.`

const words = process.argv.slice(2)
if (words.includes('--help') || words.includes('-h')) {
  console.log(help)
  process.exit(0)
}
const [name, ...rest] = words.filter((word) => word !== '--json')
const suite = name === undefined ? undefined : suites[name]
if (!suite || rest.length > 0) {
  console.error(`Say which suite: ${Object.keys(suites).join(', ')}. npm run bench -- --help`)
  process.exit(2)
}
if (!existsSync('/proc/self/stat')) {
  console.error(
    'The benchmarks read the CPU time of processes in /proc, which this system does not have: run them on Linux.',
  )
  process.exit(1)
}
stopWhenToldTo()
try {
  printReport(await suite(), { json: words.includes('--json') })
  process.exit(0)
} catch (error) {
  if (error instanceof ToolsMissing) {
    progress(error.message)
    process.exit(1)
  }
  progress(`The benchmark ended early: ${error instanceof Error ? (error.stack ?? error.message) : error}`)
  process.exit(1)
}
