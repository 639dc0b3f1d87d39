import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript'

// Writes src/generated/<service>.ts for every OpenAPI document in openapi/. With --check nothing is written, and a file that would
// change ends it with exit code 1.
const documents = new URL('../openapi/', import.meta.url)
const generated = new URL('../src/generated/', import.meta.url)

for (const name of readdirSync(documents).filter((file) => file.endsWith('.json'))) {
  const document = JSON.parse(readFileSync(new URL(name, documents), 'utf8'))
  const types = astToString(await openapiTS(document))
  const file = new URL(`${basename(name, '.json')}.ts`, generated)
  const text = COMMENT_HEADER + types
  if (!process.argv.includes('--check')) writeFileSync(file, text)
  else if (readFileSync(file, 'utf8') !== text) process.exitCode = 1
}
