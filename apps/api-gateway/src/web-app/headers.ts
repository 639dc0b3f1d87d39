/** Headers of every page and file of the web app. `issuer` is where it signs in; under development Vite needs more. */
export function webAppHeaders(issuer: string, development: boolean): Record<string, string> {
  // The origin, since a source with a path would allow that one path only.
  const { origin } = new URL(issuer)
  // Vite's client is an inline script with styles of its own, and hears of changes over a WebSocket.
  const policy = development
    ? `default-src 'self' 'unsafe-inline' data: ws:; connect-src 'self' ws: ${origin}; frame-ancestors 'none'`
    : [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        `connect-src 'self' ${origin}`,
        "manifest-src 'self'",
        `form-action 'self' ${origin}`,
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ].join('; ')
  return {
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    ...transportSecurity(issuer),
  }
}

/** HTTPS from now on, where the installation has it: the issuer's URL tells. */
export function transportSecurity(issuer: string): Record<string, string> {
  if (!issuer.startsWith('https:')) return {}
  return { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }
}
