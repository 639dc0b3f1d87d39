import { chromium, provideRequirements, redis } from './requirements.ts'
import { answerHelp, run } from './run.ts'

answerHelp(`Usage: npm test [-- unit | e2e]

Runs all tests: unit and integration (Vitest, on real PostgreSQL and Redis), then the platform in a real browser
(Playwright, Chromium). What the machine lacks is installed (Debian, as root) or named before any test runs.

  unit   only the first part     e2e   only the second part
One file: npx vitest run packages/database/test/outbox.test.ts`)

const part = process.argv[2]
if (part !== undefined && part !== 'unit' && part !== 'e2e') {
  console.error(`There is no part "${part}": unit or e2e. npm test -- --help`)
  process.exit(2)
}

const [, browser] = await provideRequirements(part === 'unit' ? [redis] : [redis, chromium])
if (part !== 'e2e') await must('vitest', ['run'])
if (part !== 'unit')
  await must('playwright', ['test', '--config', 'e2e/playwright.config.ts'], { CHROMIUM_PATH: browser })

async function must(command: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  const code = await run(command, args, { ...process.env, ...env })
  if (code !== 0) process.exit(code)
}
