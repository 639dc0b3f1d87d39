import type { FastifyTyped } from './types.ts'

/** On every response of a service. It serves data, never a page, so a browser shall do nothing with it but hand it to its caller. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** Adds the security headers and `Cache-Control: no-store` (SV-38) where the handler did not set its own. */
export function addSecurityHeaders(app: FastifyTyped): void {
  const defaults = Object.entries({ ...securityHeaders, 'cache-control': 'no-store' })
  app.addHook('onSend', async (_request, reply) => {
    for (const [name, value] of defaults) if (!reply.hasHeader(name)) reply.header(name, value)
  })
}
