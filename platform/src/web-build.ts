import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Vite could not build the web app; `output` is what it said. */
export class WebBuildError extends Error {
  readonly code = 'web-build'
  constructor(output: string) {
    super(`The web app does not build:\n\n${output.trim()}\n`)
  }
}

const sources = [
  'apps/web/{src,public}/**/*',
  'apps/web/*.*',
  'packages/{design,api-client}/**/*',
  'package-lock.json',
]

/**
 * Builds the web app, unless the files that it was built from are still the same.
 * @returns whether it was built
 * @throws {WebBuildError} with what Vite printed
 */
export async function buildWebApp(projectFolder: string): Promise<boolean> {
  const stamp = join(projectFolder, 'apps/web/dist/.built-from')
  const current = fingerprint(projectFolder)
  if (readStamp(stamp) === current) return false
  await runVite(join(projectFolder, 'apps/web'))
  writeFileSync(stamp, current)
  return true
}

/** Names, sizes and times of the sources: enough to see an edit, without reading them all at each start. */
function fingerprint(projectFolder: string): string {
  const files = globSync(sources, {
    cwd: projectFolder,
    exclude: (name) => /node_modules|^dist$/.test(String(name)),
  })
  const hash = createHash('sha256')
  for (const file of files.sort()) {
    const { size, mtimeMs } = statSync(join(projectFolder, file))
    hash.update(`${file}\0${size}\0${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

function readStamp(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined // not built yet
  }
}

function runVite(folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const vite = spawn('vite', ['build', '--logLevel', 'warn'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [vite.stdout, vite.stderr]) stream.on('data', (text) => (output += text))
    vite.once('error', reject)
    vite.once('close', (code) => (code === 0 ? resolve() : reject(new WebBuildError(output))))
  })
}
