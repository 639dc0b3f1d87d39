import { chromium, offerRelyingParties, provideRequirements, redis } from './requirements.ts'
import { answerHelp, run } from './run.ts'

answerHelp(`Usage: npm test [-- unit | conformance | e2e]

Runs all tests: unit and integration (Vitest, on real PostgreSQL and Redis), then the checklists of OAuth 2.1 against real processes
(conformance/), then the platform in a real browser (Playwright, Chromium). What the machine lacks is installed (Debian, as root) or
named before any test runs.

  unit, conformance, e2e   only that part
One file: npx vitest run packages/database/test/outbox.test.ts`)

const part = process.argv[2]
const parts = ['unit', 'conformance', 'e2e']
if (part !== undefined && !parts.includes(part)) {
  console.error(`There is no part "${part}": ${parts.join(', ')}. npm test -- --help`)
  process.exit(2)
}

const [, browser = ''] = await provideRequirements(part === 'unit' ? [redis] : [redis, chromium])
if (part !== 'unit') await offerRelyingParties()
const wants = (name: string) => part === undefined || part === name
if (wants('unit')) await must('vitest', ['run'])
if (wants('conformance'))
  await must('vitest', ['run', '--config', 'conformance/vitest.config.ts'], { CHROMIUM_PATH: browser })
if (wants('e2e'))
  await must('playwright', ['test', '--config', 'e2e/playwright.config.ts'], { CHROMIUM_PATH: browser })

async function must(command: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  const code = await run(command, args, { ...process.env, ...env })
  if (code !== 0) process.exit(code)
}
