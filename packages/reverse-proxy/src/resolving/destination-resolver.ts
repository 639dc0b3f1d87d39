/** How the names of a cluster's destinations become addresses. */
export type ResolverConfiguration = {
  /** `Address`: A and AAAA records of the name. `Service`: its SRV records, and the addresses of the hosts that they name. */
  readonly records: 'Address' | 'Service'
  /** `undefined` = both. */
  readonly family: 4 | 6 | undefined
  readonly refreshMilliseconds: number
  /** Name servers with their ports; empty = those of the system. */
  readonly servers: readonly string[]
}

/** Where a name leads. */
export type ResolvedAddress = {
  /** IPv4 or IPv6. */
  readonly address: string
  /** `undefined` = the one of the destination's address. */
  readonly port: number | undefined
}

/** Finds where names lead. */
export type DestinationResolver = {
  /** Rejects where it cannot be found out, also where there is no such name: what was known before holds then. */
  resolve(name: string, configuration: ResolverConfiguration): Promise<readonly ResolvedAddress[]>
}
