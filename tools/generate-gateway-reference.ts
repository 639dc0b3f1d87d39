import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { answerHelp, root } from './run.ts'

answerHelp(`Usage: npm run generate [-- --check]

Asks the gateway which configuration it reads, and writes the JSON schema and the reference of it.
--check changes nothing and fails where the committed files are not what the gateway reads.`)

const checkOnly = process.argv.includes('--check')
const files = { schema: 'apps/api-gateway/gateway.schema.json', reference: 'docs/reference/gateway.md' }
const stale = Object.entries(files).filter(([what, file]) => !renew(what, join(root, file)))
if (stale.length > 0) {
  const names = stale.map(([, file]) => file).join(', ')
  console.error(`Not what the gateway reads: ${names}. Mend it with: npm run generate`)
  process.exit(1)
}

/** Whether the file is, or with writing has become, what the gateway says. */
function renew(what: string, file: string): boolean {
  const program = join(root, 'apps/api-gateway/src/print-reference.ts')
  const text = execFileSync('node', [program, what], { encoding: 'utf8' })
  if (!checkOnly) writeFileSync(file, text)
  return existsSync(file) && readFileSync(file, 'utf8') === text
}
