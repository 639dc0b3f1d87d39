import type { UpstreamConnection } from '#src/forwarding/upstream-connection.ts'
import type { Section } from './section.ts'

const encodings = /^(?:latin-?1|iso-8859-1|utf-?8|us-ascii|ascii)$/i
const versions = ['1.0', '1.1', '1', '2', '2.0', '3', '3.0'] as const
const policies = ['RequestVersionOrLower', 'RequestVersionOrHigher', 'RequestVersionExact'] as const

/** Reads what `HttpClient` and `HttpRequest` say of connections. Warnings go into the list. */
export function readConnection(
  client: Section | undefined,
  request: Section | undefined,
  warnings: string[],
): UpstreamConnection {
  const maximum = client?.number('MaxConnectionsPerServer')
  if (maximum !== undefined && !(Number.isSafeInteger(maximum) && maximum > 0)) {
    client?.fault('MaxConnectionsPerServer', 'is not a whole number above zero', 'Write such as 100')
  }
  const verifies = !(client?.boolean('DangerousAcceptAnyServerCertificate') ?? false)
  if (!verifies)
    warnings.push(
      `${client?.path}: certificates of its destinations are not verified. Anybody on the way can read and change everything.`,
    )
  // A header goes on as the bytes that came, so every encoding of it passes. More than one HTTP/2 connection is never needed to be right.
  client?.ignore('EnableMultipleHttp2Connections')
  for (const key of ['RequestHeaderEncoding', 'ResponseHeaderEncoding']) {
    if (!encodings.test(client?.text(key) ?? 'latin1'))
      client?.fault(key, 'is no encoding that headers pass in', 'Write Latin1 or UTF-8')
  }
  return {
    ...{ version: readVersion(request), maximum, tlsVersions: readTlsVersions(client), verifies },
    proxy: readProxy(client?.section('WebProxy')),
  }
}

/** YARP asks for HTTP/2 or lower where nothing is said: HTTP/2 where TLS offers it, and HTTP/1.1 without TLS. */
function readVersion(request: Section | undefined): UpstreamConnection['version'] {
  const version = request?.choice('Version', versions) ?? '2'
  const policy = request?.choice('VersionPolicy', policies) ?? 'RequestVersionOrLower'
  if (policy === 'RequestVersionExact' && version.startsWith('3'))
    request?.fault('Version', 'is HTTP/3, which is not spoken to destinations', 'Write 2 or 1.1')
  if (policy === 'RequestVersionOrHigher') return version.startsWith('1') ? 'negotiate' : '2'
  if (version.startsWith('1')) return '1.1'
  return policy === 'RequestVersionExact' ? '2' : 'negotiate'
}

/** Older ones than TLS 1.2 are not offered (RFC 8996). */
function readTlsVersions(client: Section | undefined): UpstreamConnection['tlsVersions'] {
  const named = client?.texts('SslProtocols') ?? []
  const isOld = (name: string) => !/^(?:none|tls1[23])$/i.test(name)
  if (named.some(isOld))
    client?.fault(
      'SslProtocols',
      `has one that is not offered (${named.filter(isOld)})`,
      'Use Tls12 and Tls13',
    )
  const known = named
    .filter((name) => /^tls1[23]$/i.test(name))
    .map((name) => `TLSv1.${name.slice(-1)}` as const)
  const sorted = known.toSorted() as ('TLSv1.2' | 'TLSv1.3')[]
  const [oldest, newest = oldest] = [sorted[0], sorted.at(-1)]
  return oldest && newest ? [oldest, newest] : undefined
}

function readProxy(section: Section | undefined): UpstreamConnection['proxy'] {
  if (!section) return undefined
  const written = section.text('Address')
  const bypassesLocal = section.boolean('BypassOnLocal') ?? false
  if (section.boolean('UseDefaultCredentials'))
    section.fault('UseDefaultCredentials', 'means a Windows account, which there is none of', 'Remove it')
  section.end()
  if (!written) return undefined
  const url = URL.parse(written)
  if (url && /^https?:$/.test(url.protocol)) return { address: url.origin, bypassesLocal }
  section.fault('Address', 'is not an http or https address', 'Write such as http://proxy.test:3128')
  return undefined
}
