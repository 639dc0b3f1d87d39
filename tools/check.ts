import { checkDocuments } from './documents.ts'
import { checkFloorPlan } from './floor-plan.ts'
import { answerHelp, run } from './run.ts'

answerHelp(`Usage: npm run check

Holds the whole project against its rules, and says what to mend:
  types        TypeScript, servers and web app
  style        Biome: lint, format, import order  (npm run format mends most of it)
  floor plan   who may import whom (tools/floor-plan.ts)
  unused       exports, files and dependencies that nothing uses (knip)
  generated    API client from what the services declare today, schema and reference of the gateway's
               configuration from what it reads (npm run generate mends them)
  documents    links and commands in the Markdown files`)

type Step = { name: string; passes: () => Promise<boolean> | boolean }

const succeeds = async (command: string, ...args: string[]) => (await run(command, args)) === 0

function listed(faults: string[]): boolean {
  for (const fault of faults) console.error(`  ${fault}`)
  return faults.length === 0
}

const steps: Step[] = [
  { name: 'types of the servers', passes: () => succeeds('tsc', '-p', 'tsconfig.json') },
  { name: 'types of the web app', passes: () => succeeds('tsc', '-p', 'apps/web/tsconfig.json') },
  { name: 'types of the browser tests', passes: () => succeeds('tsc', '-p', 'e2e/tsconfig.json') },
  { name: 'style', passes: () => succeeds('biome', 'check', '--error-on-warnings', '.') },
  {
    name: 'floor plan',
    passes: () =>
      listed(
        checkFloorPlan().map(({ file, line, target, rule }) => `${file}:${line} imports ${target}: ${rule}`),
      ),
  },
  { name: 'unused exports and dependencies', passes: () => succeeds('knip') },
  { name: 'API client', passes: () => succeeds('node', 'tools/generate-api-client.ts', '--check') },
  {
    name: 'schema and reference of the gateway',
    passes: () => succeeds('node', 'tools/generate-gateway-reference.ts', '--check'),
  },
  { name: 'documents', passes: () => listed(checkDocuments()) },
]

const failed: string[] = []
for (const step of steps) {
  const started = performance.now()
  console.log(`› ${step.name}`)
  const passed = await step.passes()
  if (!passed) failed.push(step.name)
  console.log(`${passed ? '✓' : '✗'} ${step.name} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
}
if (failed.length > 0) {
  console.error(`\nTo mend: ${failed.join(', ')}.`)
  process.exit(1)
}
