/** Where clients connect, and how. */
export type ListenerConfiguration = {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  /** HTTP/2 without TLS is spoken by prior knowledge, and then alone (RFC 9113 §3.3). */
  readonly protocols: 'Http1' | 'Http2' | 'Http1AndHttp2'
  /** `undefined` = without TLS. */
  readonly tls: ListenerTls | undefined
}

/** How a listener speaks TLS. */
export type ListenerTls = {
  /** The first one serves clients that name no host, or none of these. */
  readonly certificates: readonly ListenerCertificate[]
  readonly clientCertificates: 'None' | 'Allow' | 'Require'
  /** Who signs those, as a file in PEM form. */
  readonly clientCertificateAuthority: string | undefined
}

/** A certificate with its chain, and its key, as files in PEM form. */
export type ListenerCertificate = {
  /** `name` or `*.name`, in lower case. */
  readonly hosts: readonly string[]
  readonly certificateFile: string
  readonly keyFile: string
}
