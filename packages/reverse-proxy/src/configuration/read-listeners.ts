import type {
  ListenerCertificate,
  ListenerConfiguration,
  ListenerTls,
} from '#src/servers/listener-configuration.ts'
import type { Section } from './section.ts'

const tlsKeys = ['Certificates', 'ClientCertificates', 'ClientCertificateAuthority']

/** Reads `Listeners`: ports beside the app's own, by name. */
export function readListeners(root: Section): ListenerConfiguration[] {
  return root.named('Listeners').flatMap(([, section]) => readListener(section) ?? [])
}

function readListener(section: Section): ListenerConfiguration | undefined {
  section.requires('Url', 'Write such as https://0.0.0.0:8443')
  const address = section.text('Url', '')
  const url = URL.parse(address)
  const isRight = url && /^https?:$/.test(url.protocol) && url.pathname === '/'
  if (address && !isRight) section.fault('Url', 'is no address', 'Write such as https://0.0.0.0:8443')
  const isSecure = url?.protocol === 'https:'
  const written = section.choice('Protocols', ['Http1', 'Http2', 'Http1AndHttp2'])
  if (isRight && !isSecure && written === 'Http1AndHttp2')
    section.fault(
      'Protocols',
      'needs TLS, by which a client chooses',
      'Write Http1 or Http2, or an https address',
    )
  for (const key of tlsKeys) {
    if (isRight && !isSecure && section.has(key)) section.fault(key, 'needs TLS', 'Write an https address')
  }
  const tls = readTls(section, isSecure)
  section.end()
  if (!url || !isRight) return undefined
  const port = Number(url.port || (isSecure ? 443 : 80))
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const protocols = written ?? (isSecure ? 'Http1AndHttp2' : 'Http1')
  return { host, port, protocols, tls: isSecure ? tls : undefined }
}

function readTls(section: Section, isSecure: boolean): ListenerTls {
  const certificates = section.sections('Certificates').map(readCertificate)
  if (isSecure && certificates.length === 0)
    section.fault('Certificates', 'are missing', 'List them: Hosts, CertificateFile, KeyFile')
  const clientCertificates = section.choice('ClientCertificates', ['None', 'Allow', 'Require'], 'None')
  if (isSecure && clientCertificates !== 'None')
    section.requires('ClientCertificateAuthority', 'Name the file of who signs the certificates of clients')
  const clientCertificateAuthority = section.text('ClientCertificateAuthority')
  return { certificates, clientCertificates, clientCertificateAuthority }
}

function readCertificate(section: Section): ListenerCertificate {
  const file = (key: string) => {
    section.requires(key, 'Name a file in PEM form')
    return section.text(key, '')
  }
  const certificate = {
    hosts: section.texts('Hosts', []).map((host) => host.toLowerCase()),
    ...{ certificateFile: file('CertificateFile'), keyFile: file('KeyFile') },
  }
  section.end()
  return certificate
}
