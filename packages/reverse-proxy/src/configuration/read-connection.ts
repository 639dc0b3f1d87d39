import type { UpstreamConnection } from '#src/forwarding/upstream-connection.ts'
import type { Section } from './section.ts'

const encodings = ['Latin1', 'Latin-1', 'ISO-8859-1', 'UTF-8', 'UTF8', 'US-ASCII', 'ASCII'] as const
const versions = ['1.0', '1.1', '1', '2', '2.0', '3', '3.0'] as const
const policies = ['RequestVersionOrLower', 'RequestVersionOrHigher', 'RequestVersionExact'] as const

/** Reads what `HttpClient` and `HttpRequest` say of connections. Warnings go into the list. */
export function readConnection(client: Section, request: Section, warnings: string[]): UpstreamConnection {
  const maximum = client.whole('MaxConnectionsPerServer', { least: 1 })
  const verifies = !client.boolean('DangerousAcceptAnyServerCertificate', false)
  if (!verifies)
    warnings.push(
      `${client.path}: certificates of its destinations are not verified. Anybody on the way can read and change everything.`,
    )
  // A header goes on as the bytes that came, so every encoding of it passes. More than one HTTP/2 connection is never needed to be right.
  client.ignore('EnableMultipleHttp2Connections')
  client.choice('RequestHeaderEncoding', encodings)
  client.choice('ResponseHeaderEncoding', encodings)
  return {
    ...{ version: readVersion(request), maximum, tlsVersions: readTlsVersions(client), verifies },
    proxy: readProxy(client.section('WebProxy')),
  }
}

/** YARP asks for HTTP/2 or lower where nothing is said: HTTP/2 where TLS offers it, and HTTP/1.1 without TLS. */
function readVersion(request: Section): UpstreamConnection['version'] {
  const version = request.choice('Version', versions, '2')
  const policy = request.choice('VersionPolicy', policies, 'RequestVersionOrLower')
  if (policy === 'RequestVersionExact' && version.startsWith('3'))
    request.fault('Version', 'is HTTP/3, which is not spoken to destinations', 'Write 2 or 1.1')
  if (policy === 'RequestVersionOrHigher') return version.startsWith('1') ? 'negotiate' : '2'
  if (version.startsWith('1')) return '1.1'
  return policy === 'RequestVersionExact' ? '2' : 'negotiate'
}

/** Older ones than TLS 1.2 are not offered (RFC 8996). */
function readTlsVersions(client: Section): UpstreamConnection['tlsVersions'] {
  const named = client.choices('SslProtocols', ['None', 'Tls12', 'Tls13']) ?? []
  const known = named.filter((name) => name !== 'None')
  const sorted = known
    .toSorted()
    .map((name) => (name === 'Tls12' ? ('TLSv1.2' as const) : ('TLSv1.3' as const)))
  const [oldest, newest = oldest] = [sorted[0], sorted.at(-1)]
  return oldest && newest ? [oldest, newest] : undefined
}

function readProxy(section: Section | undefined): UpstreamConnection['proxy'] {
  if (!section) return undefined
  const written = section.text('Address')
  const bypassesLocal = section.boolean('BypassOnLocal', false)
  if (section.boolean('UseDefaultCredentials', false))
    section.fault('UseDefaultCredentials', 'means a Windows account, which there is none of', 'Remove it')
  section.end()
  if (!written) return undefined
  const url = URL.parse(written)
  if (url && /^https?:$/.test(url.protocol)) return { address: url.origin, bypassesLocal }
  section.fault('Address', 'is not an http or https address', 'Write such as http://proxy.test:3128')
  return undefined
}
