import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { answerHelp, root } from './run.ts'

answerHelp(`Usage: npm run generate [-- --check]

Asks each service for its OpenAPI document and generates packages/api-client from them.
--check changes nothing and fails where the committed files are not what the services declare.`)

const client = join(root, 'packages/api-client')
const checkOnly = process.argv.includes('--check')
const stale = ['api-gateway', 'auth-server', 'order-service', 'user-service'].filter(
  (service) => !renewDocument(service),
)
const types = spawnSync('node', [join(client, 'scripts/generate.ts'), ...(checkOnly ? ['--check'] : [])], {
  stdio: 'inherit',
})
if (types.status !== 0) stale.push('the generated types')
if (stale.length > 0) {
  console.error(`Not what the services declare: ${stale.join(', ')}. Mend it with: npm run generate`)
  process.exit(1)
}

/** Whether the service's document is, or with writing has become, what the service declares. */
function renewDocument(service: string): boolean {
  const printed = execFileSync('node', [join(root, 'apps', service, 'src/openapi.ts')], { encoding: 'utf8' })
  const text = `${JSON.stringify(JSON.parse(printed), null, 2)}\n`
  const file = join(client, 'openapi', `${service}.json`)
  if (!checkOnly) writeFileSync(file, text)
  return readFileSync(file, 'utf8') === text
}
