import {
  continueTrace,
  currentTraceId,
  type Log,
  type Telemetry,
  type TraceContext,
  withRequestContext,
} from '@alicerce/service-kit'
import type { Context, Next } from 'koa'
import { errorPage, notFoundPage } from '#src/pages/error-page.ts'
import { languageOf } from '#src/pages/language.ts'

/**
 * What every answer of the provider and its pages has: a trace, a line in the log, a measure; and a page of ours where nothing answered or
 * something failed. Koa's own answer to a failure would come without the security headers.
 */
export function pageManners({ telemetry, log, home }: { telemetry: Telemetry; log: Log; home: string }) {
  async function answer(context: Context, next: Next, trace: TraceContext): Promise<void> {
    const startedAt = performance.now()
    const { traceId } = trace
    context.set('trace-id', traceId)
    context.res.once('close', () => {
      const { method } = context
      const durationMilliseconds = performance.now() - startedAt
      const response = {
        route: routeOf(context.path),
        method,
        status: context.res.statusCode,
        durationMilliseconds,
      }
      telemetry.onResponse({ ...response, trace })
      const milliseconds = Math.round(durationMilliseconds * 100) / 100
      log.info({ ...response, durationMilliseconds: milliseconds, traceId }, 'Request answered')
    })
    try {
      await next()
    } catch (error) {
      log.error({ path: context.path, error }, 'A request failed')
      tell(context, 500, 'server_error')
    }
    if (context.status === 404 && !context.body && context.respond !== false) tell(context, 404, 'not_found')
  }

  function tell(context: Context, status: 404 | 500, error: string): void {
    if (context.headerSent) return
    context.respond = true
    context.status = status
    context.set('cache-control', 'no-store')
    if (context.accepts('json', 'html') !== 'html') {
      context.body = { error }
      return
    }
    context.type = 'html'
    const options = { language: languageOf(context), home }
    context.body =
      status === 404 ? notFoundPage(options) : errorPage({ ...options, error, traceId: currentTraceId() })
  }

  return (context: Context, next: Next): Promise<void> => {
    const trace = continueTrace(context.get('traceparent'))
    return withRequestContext(trace, () => answer(context, next, trace))
  }
}

/** The path without its ids, which would make a series each. */
function routeOf(path: string): string {
  const [, first = '', second, third] = path.split('/')
  if (first === 'interaction') return third ? `/interaction/:uid/${third}` : '/interaction/:uid'
  if (first === 'auth') return second ? '/auth/:uid' : '/auth'
  if (first === 'account') return second ? '/account/:page' : '/account'
  if (first === 'assets') return '/assets/:name'
  return known.has(path) ? path : 'none'
}

const known = new Set([
  '/reset-password',
  '/verify-email',
  '/outbox',
  '/token',
  '/token/revocation',
  '/request',
  '/me',
  '/jwks',
  '/session/end',
  '/session/end/confirm',
  '/session/end/success',
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
])
