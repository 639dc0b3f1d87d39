import { lookup, Resolver } from 'node:dns/promises'
import type { DestinationResolver, ResolvedAddress, ResolverConfiguration } from './destination-resolver.ts'

/** Of one question to one server, in milliseconds; it is asked twice. */
const queryTimeout = { timeout: 2000, tries: 2 }

/**
 * Asks DNS. Addresses come from the system where no name servers are given, as for any connection: its hosts file and search domains count.
 */
export const dnsResolver: DestinationResolver = {
  async resolve(name, configuration) {
    const { records, servers } = configuration
    const resolver = new Resolver(queryTimeout)
    if (servers.length > 0) resolver.setServers(servers)
    const find = servers.length > 0 ? resolveAddresses(resolver) : lookUp
    const found =
      records === 'Address'
        ? await find(name, configuration).then((addresses) => withPort(addresses, undefined))
        : await resolveService(resolver, name, (host) => find(host, configuration))
    if (found.length === 0) throw new Error(`${name} has no addresses`)
    return found
  },
}

type Find = (name: string, configuration: ResolverConfiguration) => Promise<string[]>

const lookUp: Find = async (name, { family }) => {
  const found = await lookup(name, { all: true, family: family ?? 0 })
  return found.map(({ address }) => address)
}

const resolveAddresses =
  (resolver: Resolver): Find =>
  async (name, { family }) => {
    const found = await Promise.all([
      family === 6 ? [] : noneWhereMissing(resolver.resolve4(name)),
      family === 4 ? [] : noneWhereMissing(resolver.resolve6(name)),
    ])
    return found.flat()
  }

/** The hosts of the lowest priority (RFC 2782); their weights do not count, since balancing is the cluster's. */
async function resolveService(
  resolver: Resolver,
  name: string,
  find: (host: string) => Promise<string[]>,
): Promise<ResolvedAddress[]> {
  const records = await resolver.resolveSrv(name)
  const first = Math.min(...records.map(({ priority }) => priority))
  const preferred = records.filter(({ priority }) => priority === first)
  const found = await Promise.all(
    preferred.map(async (record) => withPort(await find(record.name), record.port)),
  )
  return found.flat()
}

const withPort = (addresses: readonly string[], port: number | undefined): ResolvedAddress[] =>
  addresses.map((address) => ({ address, port }))

/** A name may have records of one kind and none of the other; a server that does not answer says nothing of either. */
const noneWhereMissing = (query: Promise<string[]>) =>
  query.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENODATA' || error.code === 'ENOTFOUND') return []
    throw error
  })
