import { answerHelp, run } from './run.ts'

answerHelp(`Usage: npm run generate [-- --check]

Renews the files that are made from others: packages/api-client from what the services declare,
apps/api-gateway/gateway.schema.json and docs/reference/gateway.md from what the gateway reads.
--check changes nothing and fails where one of them is not up to date.`)

const options = process.argv.slice(2)
const codes: number[] = []
for (const generator of ['generate-api-client', 'generate-gateway-reference'])
  codes.push(await run('node', [`tools/${generator}.ts`, ...options]))
process.exit(Math.max(...codes))
