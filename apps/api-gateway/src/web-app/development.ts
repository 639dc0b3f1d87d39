import type { IncomingMessage, ServerResponse } from 'node:http'
import { createReverseProxy, type Exchange, type Log, readProxyConfiguration } from '@alicerce/reverse-proxy'
import { renderProblem } from '#src/answers.ts'
import { notesOf } from '#src/exchange-notes.ts'
import type { WebApp } from './web-app.ts'

/** Serves the web app from Vite's development server, its live reload included: a proxy of its own, behind the one of the API. */
export function createDevelopmentWebApp(options: {
  url: string
  headers: Readonly<Record<string, string>>
  log: Log
}): WebApp {
  const { url, headers, log } = options
  const section = {
    Routes: { web: { ClusterId: 'vite', AuthorizationPolicy: 'Anonymous', Match: { Path: '/{**rest}' } } },
    Clusters: {
      vite: {
        Destinations: { 1: { Address: url } },
        // Its live reload is quiet for as long as nobody changes a file.
        HttpRequest: { ActivityTimeout: '1.00:00:00' },
      },
    },
  }
  const ours = Object.entries(headers)
  /** What the gateway has noted of the requests that it hands on: the exchanges of this proxy are others. */
  const notes = new WeakMap<IncomingMessage, unknown>()
  const proxy = createReverseProxy({
    configuration: readProxyConfiguration(section, { authorizationPolicies: [] }),
    log,
    hooks: {
      begin(exchange) {
        exchange.notes = notes.get(exchange.request)
      },
      finishHeaders: (exchange, list) => [...list, ...ours.flat(), 'trace-id', traceOf(exchange)],
      renderRefusal: renderProblem,
    },
  })
  const handOn = (exchange: Exchange, response: ServerResponse) => {
    notes.set(exchange.request, exchange.notes)
    proxy.serve(exchange.request, response)
  }
  return {
    serve: (exchange, _path, response) => handOn(exchange, response),
    upgrade(exchange, response) {
      handOn(exchange, response)
      return true
    },
    close: () => proxy.close(),
  }
}

const traceOf = (exchange: Exchange) => notesOf(exchange).trace.traceId
