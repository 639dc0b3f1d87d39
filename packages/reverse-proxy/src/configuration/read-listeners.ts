import type {
  ListenerCertificate,
  ListenerConfiguration,
  ListenerTls,
} from '#src/servers/listener-configuration.ts'
import type { Section } from './section.ts'

/** Reads `Listeners`: ports beside the app's own, by name. */
export function readListeners(root: Section): ListenerConfiguration[] {
  return root.named('Listeners').flatMap(([, section]) => readListener(section) ?? [])
}

function readListener(section: Section): ListenerConfiguration | undefined {
  const url = URL.parse(section.text('Url') ?? '')
  const isRight = url && /^https?:$/.test(url.protocol) && url.pathname === '/'
  if (!isRight) section.fault('Url', 'is missing, or no address', 'Write such as https://0.0.0.0:8443')
  const isSecure = url?.protocol === 'https:'
  const written = section.choice('Protocols', ['Http1', 'Http2', 'Http1AndHttp2'])
  if (isRight && !isSecure && written === 'Http1AndHttp2')
    section.fault(
      'Protocols',
      'needs TLS, by which a client chooses',
      'Write Http1 or Http2, or an https address',
    )
  const tls = isSecure ? readTls(section) : undefined
  section.end()
  if (!url || !isRight) return undefined
  const port = Number(url.port || (isSecure ? 443 : 80))
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return { host, port, protocols: written ?? (isSecure ? 'Http1AndHttp2' : 'Http1'), tls }
}

function readTls(section: Section): ListenerTls {
  const certificates = section.sections('Certificates').map(readCertificate)
  if (certificates.length === 0)
    section.fault('Certificates', 'are missing', 'List them: Hosts, CertificateFile, KeyFile')
  const clientCertificates = section.choice('ClientCertificates', ['None', 'Allow', 'Require']) ?? 'None'
  const clientCertificateAuthority = section.text('ClientCertificateAuthority')
  if (clientCertificates !== 'None' && !clientCertificateAuthority)
    section.fault(
      'ClientCertificateAuthority',
      'is missing',
      'Name the file of who signs the certificates of clients',
    )
  return { certificates, clientCertificates, clientCertificateAuthority }
}

function readCertificate(section: Section): ListenerCertificate {
  const file = (key: string) => {
    const path = section.text(key) ?? ''
    if (!path) section.fault(key, 'is missing', 'Name a file in PEM form')
    return path
  }
  const certificate = {
    hosts: (section.texts('Hosts') ?? []).map((host) => host.toLowerCase()),
    ...{ certificateFile: file('CertificateFile'), keyFile: file('KeyFile') },
  }
  section.end()
  return certificate
}
