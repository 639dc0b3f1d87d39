import type { Log } from '@alicerce/service-kit'
import type { ApiGatewayConfig } from '#src/config.ts'
import { notesOf } from '#src/exchange-notes.ts'
import { createDevelopmentWebApp } from './development.ts'
import { readWebFiles } from './files.ts'
import { webAppHeaders } from './headers.ts'
import { createWebApp } from './serve.ts'
import type { WebApp } from './web-app.ts'

/**
 * The web app from its built files, or from Vite where `WEB_DEVELOPMENT_URL` names it.
 * @throws {WebAppMissingError} when it is not built
 */
export async function buildWebApp(config: ApiGatewayConfig, log: Log): Promise<WebApp> {
  const { ISSUER_URL: issuer, API_AUDIENCE: audience, WEB_DEVELOPMENT_URL: url } = config
  const configuration = { issuer, clientId: 'web', audience, boundTokens: config.WEB_BOUND_TOKENS }
  const headers = webAppHeaders(issuer, url !== undefined)
  const webApp = url
    ? createDevelopmentWebApp({ url, headers, log })
    : createWebApp({ files: await readWebFiles(config.WEB_ROOT), headers })
  return withConfiguration(webApp, configuration, headers)
}

/** The app asks for `/configuration.json` when it starts, so that one build serves any installation. */
function withConfiguration(
  webApp: WebApp,
  configuration: object,
  headers: Readonly<Record<string, string>>,
): WebApp {
  const body = JSON.stringify(configuration)
  const described = { ...headers, 'content-type': 'application/json', 'cache-control': 'no-store' }
  return {
    ...webApp,
    serve(exchange, path, response) {
      const { method } = exchange.request
      if (path !== '/configuration.json' || (method !== 'GET' && method !== 'HEAD'))
        return webApp.serve(exchange, path, response)
      response
        .writeHead(200, { ...described, 'trace-id': notesOf(exchange).trace.traceId })
        .end(method === 'HEAD' ? undefined : body)
    },
  }
}
