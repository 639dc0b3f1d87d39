import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Context, Next } from 'koa'

const local = (name: string) => readFileSync(new URL(name, import.meta.url))
const from = (specifier: string, path = '') =>
  readFileSync(fileURLToPath(new URL(path, import.meta.resolve(specifier))))
const script = 'text/javascript; charset=utf-8'

/** Everything that the pages load, read once. */
const assets: Record<string, { type: string; body: Buffer }> = {
  '/assets/tokens.css': { type: 'text/css; charset=utf-8', body: from('@alicerce/design/tokens.css') },
  '/assets/pages.css': { type: 'text/css; charset=utf-8', body: local('./pages.css') },
  '/assets/sign-out.js': { type: script, body: local('./sign-out.js') },
  '/assets/passkey.js': { type: script, body: local('./passkey.js') },
  '/assets/webauthn.js': {
    type: script,
    body: from('@simplewebauthn/browser', '../dist/bundle/index.umd.min.js'),
  },
  '/assets/mark.svg': { type: 'image/svg+xml', body: from('@alicerce/design/mark.svg') },
  '/assets/inter.woff2': {
    type: 'font/woff2',
    body: from('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'),
  },
}

/** Serves the pages' own files, from the same origin. */
export async function serveAssets(context: Context, next: Next): Promise<void> {
  const asset = assets[context.path]
  if (!asset || (context.method !== 'GET' && context.method !== 'HEAD')) return next()
  context.set('cache-control', 'public, max-age=3600')
  context.type = asset.type
  context.body = asset.body
}
