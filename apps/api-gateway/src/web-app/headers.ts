/** Headers of every page and file of the web app. `issuer` is where it signs in; under development Vite needs more. */
export function webAppHeaders(issuer: string, development: boolean): Record<string, string> {
  // Vite's client is an inline script with styles of its own, and hears of changes over a WebSocket.
  const policy = development
    ? `default-src 'self' 'unsafe-inline' data: ws:; connect-src 'self' ws: ${issuer}; frame-ancestors 'none'`
    : [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        `connect-src 'self' ${issuer}`,
        "manifest-src 'self'",
        `form-action 'self' ${issuer}`,
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ].join('; ')
  return {
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    ...(issuer.startsWith('https:') && {
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
    }),
  }
}
