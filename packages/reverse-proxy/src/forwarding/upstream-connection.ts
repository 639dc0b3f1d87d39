import { isIP } from 'node:net'

/** How connections to the destinations of a cluster are made. */
export type UpstreamConnection = {
  /** `negotiate`: HTTP/2 where TLS offers it, else HTTP/1.1. `2`: nothing else, on `http:` by prior knowledge. */
  readonly version: '1.1' | 'negotiate' | '2'
  /** `undefined` = as many as are needed. */
  readonly maximum: number | undefined
  /** Oldest and newest TLS; `undefined` = what Node offers. */
  readonly tlsVersions: readonly [oldest: 'TLSv1.2' | 'TLSv1.3', newest: 'TLSv1.2' | 'TLSv1.3'] | undefined
  /** Whether the certificate of a destination is verified. */
  readonly verifies: boolean
  /** An HTTP proxy on the way, with whether names of this network go around it. */
  readonly proxy: { readonly address: string; readonly bypassesLocal: boolean } | undefined
}

/** How TLS with a destination is spoken, in the words of `node:tls`. `serverName`: whom the certificate is for, where that is not the host of its address. */
export const tlsOptionsOf = ({ verifies, tlsVersions }: UpstreamConnection, serverName?: string) => ({
  rejectUnauthorized: verifies,
  ...(serverName !== undefined && { servername: serverName }),
  ...(tlsVersions && { minVersion: tlsVersions[0], maxVersion: tlsVersions[1] }),
})

/** How connections to one origin are made: what is local may be reached without the proxy. */
export function connectionTo(origin: string, connection: UpstreamConnection): UpstreamConnection {
  const isDirect = connection.proxy?.bypassesLocal && isLocal(new URL(origin).hostname)
  return isDirect ? { ...connection, proxy: undefined } : connection
}

/** A name without a dot, or an address of this machine: what .NET's WebProxy counts as local. */
const isLocal = (host: string) => (isIP(host) === 0 ? !host.includes('.') : /^127\.|^\[?::1\]?$/.test(host))
