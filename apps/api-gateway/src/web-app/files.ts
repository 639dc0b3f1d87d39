import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import type { Encoding } from './encodings.ts'

/** One file of the built web app, in memory, in each encoding worth having. */
export type WebFile = {
  type: string
  /** Changes with the content. */
  digest: string
  /** Its name changes with its content, so it may be kept for ever. */
  immutable: boolean
  /** Smallest first. */
  bodies: ReadonlyMap<Encoding, Buffer>
}

/** The web app is not built. */
export class WebAppMissingError extends Error {
  override readonly name = 'WebAppMissingError'
  readonly code = 'web-app-missing'
}

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}
const compressible = new Set(['.css', '.html', '.js', '.json', '.svg', '.txt', '.webmanifest'])
const compress = { br: promisify(brotliCompress), gzip: promisify(gzip) }

/**
 * Reads the whole folder once: what is not in this map is not served, so no path can lead out of it. Files whose names begin with a
 * dot are left out, as are those in such folders.
 * @throws {WebAppMissingError} where there is no index.html
 */
export async function readWebFiles(root: string): Promise<ReadonlyMap<string, WebFile>> {
  if (!existsSync(join(root, 'index.html')))
    throw new WebAppMissingError(
      `There is no built web app in ${root}. Build it (cd apps/web && npx vite build), or set WEB_ROOT to where it is.`,
    )
  const isFile = (name: string) => statSync(join(root, name), { throwIfNoEntry: false })?.isFile()
  const names = globSync('**/*', { cwd: root }).filter((name) => !/(?:^|\/)\./.test(name) && isFile(name))
  return new Map(
    await Promise.all(names.map(async (name) => [`/${name}`, await readOne(root, name)] as const)),
  )
}

async function readOne(root: string, name: string): Promise<WebFile> {
  const body = readFileSync(join(root, name))
  const extension = extname(name)
  const bodies = new Map<Encoding, Buffer>()
  if (compressible.has(extension) && body.length > 512) {
    const [br, gzipped] = await Promise.all([compress.br(body), compress.gzip(body)])
    bodies.set('br', br).set('gzip', gzipped)
  }
  return {
    type: types[extension] ?? 'application/octet-stream',
    digest: createHash('sha256').update(body).digest('base64url').slice(0, 22),
    immutable: name.startsWith('assets/'),
    bodies: bodies.set('identity', body),
  }
}
