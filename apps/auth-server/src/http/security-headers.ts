import type { Context, Next } from 'koa'

/** Headers of every page and answer (AS-14, AS-15, AS-16; the provider sets none itself). */
export function securityHeaders(secure: boolean) {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
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

/**
 * Lets the forms of this page end at a client's address: browsers hold the redirects after a form against `form-action`, too. The provider has
 * held the address against those of the client before.
 */
export function allowFormTarget(context: Context, uri: unknown): void {
  const url = typeof uri === 'string' ? URL.parse(uri) : undefined
  if (!url) return
  const source = url.origin === 'null' ? url.protocol : url.origin
  const policy = context.response.get('content-security-policy')
  context.set('content-security-policy', policy.replace("form-action 'self'", `form-action 'self' ${source}`))
}

const isPublicDocument = (path: string) => path === '/jwks' || path.startsWith('/.well-known/')
