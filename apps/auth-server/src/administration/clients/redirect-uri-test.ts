import type { ClientMetadata } from 'oidc-provider'
import { redirectFault } from '#src/clients/client-rules.ts'

/** The rules that a redirect URI can break, in the order in which they are looked at. */
export const redirectRules = ['absolute', 'fragment', 'userinfo', 'scheme', 'registered'] as const

/** Whether codes would be sent there, and which rule refuses it. */
export type RedirectUriTest = {
  accepted: boolean
  rule: (typeof redirectRules)[number] | null
  /** The registered URI that is the most like it, where it is not registered itself. */
  nearest: string | null
}

/** What an authorization request with this `redirect_uri` would meet: comparison is of the exact text (RFC 9700 §2.1). */
export function testRedirectUri(
  uri: string,
  { redirect_uris: registered = [], application_type }: Partial<ClientMetadata>,
): RedirectUriTest {
  const rule = brokenRule(uri, application_type)
  if (rule) return { accepted: false, rule, nearest: null }
  const matches = registered.some((each) => each === uri) || isLoopbackOf(uri, registered, application_type)
  if (matches) return { accepted: true, rule: null, nearest: null }
  return { accepted: false, rule: 'registered', nearest: nearestOf(uri, registered) }
}

function brokenRule(uri: string, applicationType?: string): RedirectUriTest['rule'] {
  const url = URL.parse(uri)
  if (!url) return 'absolute'
  if (uri.includes('#')) return 'fragment'
  if (url.username || url.password) return 'userinfo'
  return redirectFault(uri, applicationType) ? 'scheme' : null
}

/** An app on somebody's machine takes whatever port is free: of loopback addresses the port does not count (RFC 8252 §7.3). */
function isLoopbackOf(uri: string, registered: readonly string[], applicationType?: string): boolean {
  const url = new URL(uri)
  if (applicationType !== 'native' || url.protocol !== 'http:') return false
  url.port = ''
  return registered.some((each) => {
    const own = URL.parse(each)
    if (own?.protocol !== 'http:') return false
    own.port = ''
    return own.href === url.href
  })
}

function nearestOf(uri: string, registered: readonly string[]): string | null {
  const shared = (other: string) => {
    let length = 0
    while (length < uri.length && uri[length]?.toLowerCase() === other[length]?.toLowerCase()) length++
    return length
  }
  return registered.toSorted((one, other) => shared(other) - shared(one))[0] ?? null
}
