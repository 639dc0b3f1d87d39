import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { answerHelp, root } from './run.ts'

answerHelp(`Usage: npm run generate [-- --check]

Asks each service for its OpenAPI document and generates packages/api-client from them.
--check changes nothing and fails where the committed files differ.`)

const folder = join(root, 'packages/api-client')
const checkOnly = process.argv.includes('--check')
const services = ['auth-server', 'order-service', 'user-service']
const stale: string[] = []

mkdirSync(join(folder, 'openapi'), { recursive: true })
for (const service of services) {
  const document = execFileSync('node', [join(root, 'apps', service, 'src/openapi.ts')], { encoding: 'utf8' })
  replace(join(folder, 'openapi', `${service}.json`), `${JSON.stringify(JSON.parse(document), null, 2)}\n`)
}
for (const service of services) {
  const types = execFileSync(
    join(root, 'node_modules/.bin/openapi-typescript'),
    [join(folder, 'openapi', `${service}.json`)],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  )
  mkdirSync(join(folder, 'src/generated'), { recursive: true })
  replace(join(folder, 'src/generated', `${service}.ts`), types)
}
if (checkOnly && stale.length > 0) {
  console.error(`Not what the services declare today: ${stale.join(', ')}. Mend it with: npm run generate`)
  process.exit(1)
}

function replace(file: string, text: string): void {
  const current = read(file)
  if (current === text) return
  stale.push(file.slice(root.length + 1))
  if (!checkOnly) writeFileSync(file, text)
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined // not generated yet
  }
}
