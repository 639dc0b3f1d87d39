import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Judgement,
  judge,
  outcomesOfPlaywright,
  outcomesOfVitest,
  statements,
} from '@alicerce/conformance'
import { chromium, offerRelyingParties, provideRequirements, redis } from './requirements.ts'
import { answerHelp, run } from './run.ts'

answerHelp(`Usage: npm run conformance [-- --json]

Holds the running platform against the checklists for authorization servers (AS), resource servers (RS) and browser apps (SPA), and
prints which statements hold. It starts everything itself: PostgreSQL, Redis, two auth servers, a gateway, the services, Chromium.

  --json   one last line for programs: {"conformance": [{"id", "level", "result", "note"}]}

Exit code 1 where a statement does not hold.`)

const [, browser] = await provideRequirements([redis, chromium])
const env = { ...process.env, CHROMIUM_PATH: browser }
await offerRelyingParties()
const folder = mkdtempSync(join(tmpdir(), 'alicerce-conformance-'))
const [protocol, journeys] = [join(folder, 'protocol.json'), join(folder, 'journeys.json')]
await run(
  'vitest',
  [
    ...['run', '--config', 'conformance/vitest.config.ts'],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${protocol}`],
  ],
  env,
)
await run(
  'playwright',
  ['test', '--config', 'e2e/playwright.config.ts', '--grep', 'SPA-', '--reporter=list,json'],
  { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: journeys },
)
if (!existsSync(protocol) || !existsSync(journeys)) {
  console.error('The platform could not be started, so nothing was judged: the reason stands above.')
  process.exit(1)
}
const conformance = judge(statements, [
  ...outcomesOfVitest(readFileSync(protocol, 'utf8')),
  ...outcomesOfPlaywright(readFileSync(journeys, 'utf8')),
])
console.log(`\n${conformance.map(lineOf).join('\n')}\n`)
const failed = conformance.filter(({ result }) => result === 'fail')
console.log(`${conformance.length - failed.length} of ${conformance.length} statements hold.`)
if (process.argv.includes('--json')) console.log(JSON.stringify({ conformance }))
process.exit(failed.length > 0 ? 1 : 0)

function lineOf({ id, level, result, note }: Judgement): string {
  const text = statements.find((statement) => statement.id === id)?.text
  return `${result === 'pass' ? '✓' : '✗'} ${id.padEnd(6)} ${level}  ${text}${note ? ` (${note})` : ''}`
}
