import type { IncomingMessage, ServerResponse } from 'node:http'
import type { WebFile } from './files.ts'

/** What serves the web app. */
export type WebApp = { serve(request: IncomingMessage, path: string, response: ServerResponse): void }

/** Serves the built files. Any other address that a browser navigates to is a page of the app: it gets index.html. */
export function createWebApp(options: {
  files: ReadonlyMap<string, WebFile>
  headers: Record<string, string>
  /** What the app asks for when it starts (`/configuration.json`), so that one build serves any installation. */
  configuration: object
}): WebApp {
  const { files, headers, configuration } = options
  const runtime = JSON.stringify(configuration)
  const send = (
    response: ServerResponse,
    status: number,
    more: Record<string, string>,
    body?: Buffer | string,
  ) => response.writeHead(status, { ...headers, ...more }).end(body)

  return {
    serve(request, path, response) {
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return void send(response, 405, { allow: 'GET, HEAD', 'content-length': '0' })
      if (path === '/configuration.json') {
        const type = { 'content-type': 'application/json', 'cache-control': 'no-store' }
        return void send(response, 200, type, bodyFor(request, runtime))
      }
      const file = files.get(path) ?? (isPage(path) ? files.get('/index.html') : undefined)
      if (!file)
        return void send(response, 404, { 'content-type': 'text/plain' }, bodyFor(request, 'Not found'))
      const caching = file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache'
      const validators = { etag: file.etag, 'cache-control': caching, vary: 'accept-encoding' }
      if (request.headers['if-none-match']?.includes(file.etag)) return void send(response, 304, validators)
      const accepted = String(request.headers['accept-encoding'] ?? '')
      const chosen = file.encodings.find(
        ({ name }) => name === 'identity' || new RegExp(`\\b${name}\\b`).test(accepted),
      )
      const { name, body } = chosen as WebFile['encodings'][number]
      const described = {
        ...validators,
        'content-type': file.type,
        'content-length': String(body.length),
        ...(name !== 'identity' && { 'content-encoding': name }),
      }
      send(response, 200, described, bodyFor(request, body))
    },
  }
}

const bodyFor = <Body>(request: IncomingMessage, body: Body) => (request.method === 'HEAD' ? undefined : body)

/** A page has no file extension; a missing picture or script must not become the app. */
const isPage = (path: string) => !/\.[a-z0-9]+$/i.test(path)
