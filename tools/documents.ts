import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './run.ts'

/** Faults in the Markdown files: links to files that are not there, npm scripts that do not exist. */
export function checkDocuments(): string[] {
  const scripts = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts)
  const files = globSync('**/*.md', {
    cwd: root,
    exclude: (name) => /node_modules|\.alicerce|dist/.test(String(name)),
  })
  return files.sort().flatMap((file) => faultsIn(file, readFileSync(join(root, file), 'utf8'), scripts))
}

/** Faults in one Markdown text; `file` is its path from the root, `scripts` are the names in package.json. */
export function faultsIn(file: string, text: string, scripts: string[]): string[] {
  const links = [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)].map((match) => match[1] as string)
  const missing = links
    .filter((link) => !/^[a-z]+:/.test(link) && !existsSync(join(root, dirname(file), link)))
    .map((link) => `${file}: links to ${link}, which is not there`)
  const commands = [...text.matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1] as string)
  const unknown = commands
    .filter((name) => !scripts.includes(name))
    .map((name) => `${file}: names \`npm run ${name}\`, which package.json does not have`)
  return [...missing, ...unknown]
}
