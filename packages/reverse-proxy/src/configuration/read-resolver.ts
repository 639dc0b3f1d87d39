import { isIP } from 'node:net'
import type { ResolverConfiguration } from '#src/resolving/destination-resolver.ts'
import type { Section } from './section.ts'

/** In .NET's words. */
const families = { InterNetwork: 4, InterNetworkV6: 6 } as const

/** Reads `DestinationResolver`, of a cluster or of all; `undefined` where names are left to each connection. */
export function readResolver(section: Section): ResolverConfiguration | undefined {
  const policy = section.choice('Policy', ['Dns', 'None'], 'Dns')
  const family = section.choice('AddressFamily', ['InterNetwork', 'InterNetworkV6'])
  const servers = section.texts('Servers', [])
  for (const server of servers) {
    if (isIP(server.replace(/^\[(.+)\](:\d+)?$|:\d+$/, '$1')) === 0)
      section.fault(
        'Servers',
        `has one that is no address (${server})`,
        'Write such as 10.0.0.53 or 10.0.0.53:53',
      )
  }
  const configuration: ResolverConfiguration = {
    records: section.choice('Records', ['Address', 'Service'], 'Address'),
    family: family && families[family],
    refreshMilliseconds: section.timeSpan('RefreshPeriod', 300_000),
    servers,
  }
  section.end()
  return policy === 'None' ? undefined : configuration
}
