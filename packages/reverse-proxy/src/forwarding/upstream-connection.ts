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
