import type { IncomingMessage, ServerResponse } from 'node:http'
import { renderProblem } from '#src/answers.ts'
import { notesOf } from '#src/exchange-notes.ts'
import { type Encoding, preferredEncoding } from './encodings.ts'
import type { WebFile } from './files.ts'
import type { WebApp } from './web-app.ts'

const notFound = { status: 404, code: 'not-found', title: 'Not found', detail: 'There is no such file.' }
const methodNotAllowed = {
  ...{ status: 405, code: 'method-not-allowed', title: 'Method not allowed' },
  detail: 'The web app takes GET and HEAD.',
}

/** Serves the built files. Any other address that a browser navigates to is a page of the app: it gets index.html. */
export function createWebApp({
  files,
  headers,
}: {
  files: ReadonlyMap<string, WebFile>
  headers: Readonly<Record<string, string>>
}): WebApp {
  return {
    serve(exchange, path, response) {
      const { request } = exchange
      const always = { ...headers, 'trace-id': notesOf(exchange).trace.traceId }
      const allowed = request.method === 'GET' || request.method === 'HEAD'
      const file = files.get(path) ?? (isPage(path) ? files.get('/index.html') : undefined)
      if (allowed && file) return sendFile(request, response, { ...always, ...cachingOf(file) }, file)
      const refusal = allowed ? notFound : methodNotAllowed
      const { type, body } = renderProblem(exchange, refusal)
      const described = { ...always, 'content-type': type, 'cache-control': 'no-store' }
      const allow = allowed ? {} : { allow: 'GET, HEAD', connection: 'close' }
      response
        .writeHead(refusal.status, { ...described, ...allow })
        .end(request.method === 'HEAD' ? undefined : body)
    },
    upgrade: () => false,
    async close() {},
  }
}

function cachingOf({ immutable }: WebFile): Record<string, string> {
  const cacheControl = immutable ? 'public, max-age=31536000, immutable' : 'no-cache'
  return { 'cache-control': cacheControl, vary: 'accept-encoding' }
}

function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  headers: Record<string, string>,
  file: WebFile,
): void {
  const name = preferredEncoding(request.headers['accept-encoding'], [...file.bodies.keys()])
  const body = file.bodies.get(name) as Buffer
  // A strong tag names bytes, so each encoding has its own (RFC 9110 §8.8.3.3).
  const etag = tagOf(file, name)
  if (knows(request, etag)) return void response.writeHead(304, { ...headers, etag }).end()
  const described = {
    ...{ ...headers, etag, 'content-type': file.type, 'content-length': String(body.length) },
    ...(name !== 'identity' && { 'content-encoding': name }),
  }
  response.writeHead(200, described).end(request.method === 'HEAD' ? undefined : body)
}

const tagOf = ({ digest }: WebFile, name: Encoding) =>
  name === 'identity' ? `"${digest}"` : `"${digest}-${name}"`

/** `If-None-Match` compares weakly (RFC 9110 §13.1.2). */
function knows(request: IncomingMessage, etag: string): boolean {
  const header = request.headers['if-none-match'] ?? ''
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags.includes('*') || tags.includes(etag)
}

/** A page has no file extension; a missing picture or script must not become the app. */
const isPage = (path: string) => !path.startsWith('/assets/') && !/\.[a-z0-9]+$/i.test(path)
