import { readFileSync, statSync } from 'node:fs'
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls'
import type { ListenerTls } from './listener-configuration.ts'

/** The certificates of a listener. They can be read again while it serves: connections that are open keep what they have. */
export type Certificates = {
  /** For clients that name no host. */
  usual(): SecureContextOptions
  contextFor(serverName: string): SecureContext
  /** Reads the files again where one has changed; gives whether. A pair that does not fit changes nothing, and throws. */
  refresh(): boolean
}

/** Reads the certificates. Throws where a file cannot be read, or a key does not fit. */
export function readCertificates(tls: ListenerTls): Certificates {
  let known = changesOf(tls)
  let read = readAll(tls)
  return {
    usual: () => read[0]?.options ?? {},
    contextFor(serverName) {
      const name = serverName.toLowerCase()
      const wildcard = name.replace(/^[^.]+/, '*')
      const named = (wanted: string) => read.find(({ hosts }) => hosts.includes(wanted))
      return (named(name) ?? named(wildcard) ?? read[0])?.context as SecureContext
    },
    refresh() {
      const changes = changesOf(tls)
      if (changes === known) return false
      read = readAll(tls)
      known = changes
      return true
    },
  }
}

const readAll = ({ certificates, clientCertificateAuthority: authority }: ListenerTls) =>
  certificates.map(({ hosts, certificateFile, keyFile }) => {
    const options: SecureContextOptions = {
      ...{ cert: readFileSync(certificateFile), key: readFileSync(keyFile), minVersion: 'TLSv1.2' },
      ...(authority && { ca: readFileSync(authority) }),
    }
    return { hosts, options, context: createSecureContext(options) }
  })

const changesOf = ({ certificates, clientCertificateAuthority: authority }: ListenerTls): string =>
  certificates
    .flatMap(({ certificateFile, keyFile }) => [certificateFile, keyFile])
    .concat(authority ?? [])
    .map((file) => statSync(file).mtimeMs)
    .join()
