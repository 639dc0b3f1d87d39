import type { Context, Next } from 'koa'

/**
 * Headers of every page and answer (AS-14, AS-15, AS-16; the provider sets none itself). `form-action` names the client's origins too, since
 * browsers hold redirects after a form against it.
 */
export function securityHeaders(clientOrigins: readonly string[], secure: boolean) {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    `form-action 'self' ${clientOrigins.join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ')
  return async (context: Context, next: Next): Promise<void> => {
    context.set({
      'content-security-policy': policy,
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      ...(secure && { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }),
    })
    await next()
    if (isPublicDocument(context.path)) context.set('cache-control', 'public, max-age=300')
    else if (!context.response.get('cache-control')) context.set('cache-control', 'no-store')
  }
}

const isPublicDocument = (path: string) => path === '/jwks' || path.startsWith('/.well-known/')
