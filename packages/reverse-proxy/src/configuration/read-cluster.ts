import type { ResolverConfiguration } from '#src/resolving/destination-resolver.ts'
import {
  type ActiveHealthConfiguration,
  type ClusterConfiguration,
  type DestinationConfiguration,
  loadBalancingPolicies,
  type PassiveHealthConfiguration,
} from './proxy-configuration.ts'
import { readAffinity } from './read-affinity.ts'
import { readConnection } from './read-connection.ts'
import { readResilience } from './read-resilience.ts'
import { readResolver } from './read-resolver.ts'
import type { Section } from './section.ts'

/** What a cluster's reader is told besides. */
type Surroundings = {
  /** Holds for clusters that have none of their own. */
  usualResolver: ResolverConfiguration | undefined
  /** Takes what may be set, but should be known. */
  warnings: string[]
}

/** Reads one of YARP's `Clusters`, with YARP's defaults. */
export function readCluster(
  id: string,
  section: Section,
  { usualResolver, warnings }: Surroundings,
): ClusterConfiguration {
  const destinations = section
    .named('Destinations')
    .flatMap(([name, part]) => readDestination(name, part) ?? [])
  const ownResolver = section.section('DestinationResolver')
  const resolver = ownResolver ? readResolver(ownResolver) : usualResolver
  const loadBalancingPolicy = section.choice(
    'LoadBalancingPolicy',
    loadBalancingPolicies,
    'PowerOfTwoChoices',
  )
  // Metadata may hold anything, for whom it may concern.
  const metadata = section.sectionOrEmpty('Metadata')
  const threshold = metadata.number('ConsecutiveFailuresHealthPolicy.Threshold', 2)
  const rateLimit = metadata.number('TransportFailureRateHealthPolicy.RateLimit', 0.3)
  const health = section.sectionOrEmpty('HealthCheck')
  const policies = ['HealthyAndUnknown', 'HealthyOrPanic'] as const
  const availableDestinationsPolicy = health.choice(
    'AvailableDestinationsPolicy',
    policies,
    'HealthyAndUnknown',
  )
  const activeHealth = readActiveHealth(health.sectionOrEmpty('Active'), threshold)
  const passiveHealth = readPassiveHealth(health.sectionOrEmpty('Passive'), rateLimit)
  health.end()
  const client = section.sectionOrEmpty('HttpClient')
  const request = section.sectionOrEmpty('HttpRequest')
  const connection = readConnection(client, request, warnings)
  const activityTimeoutMilliseconds = request.timeSpan('ActivityTimeout', 100_000)
  // An answer is never held back longer than its first bytes need, allowed or not.
  request.ignore('AllowResponseBuffering')
  client.end()
  request.end()
  const affinity = readAffinity(section.section('SessionAffinity'))
  const resilience = readResilience(section.section('Resilience'))
  section.end()
  return {
    ...{
      id,
      destinations,
      resolver,
      loadBalancingPolicy,
      availableDestinationsPolicy,
      activeHealth,
      passiveHealth,
    },
    ...{ activityTimeoutMilliseconds, connection, affinity, resilience },
  }
}

function readDestination(id: string, section: Section): DestinationConfiguration | undefined {
  section.requires('Address', 'Set it to such as http://localhost:8091/')
  const address = readUrl(section, 'Address')
  const health = section.has('Health') ? readUrl(section, 'Health') : address
  const host = section.text('Host')
  section.ignore('Metadata')
  section.end()
  if (!address || !health) return undefined
  return {
    id,
    origin: address.origin,
    basePath: pathOf(address),
    host: host ?? address.host,
    serverName: undefined,
    health: health.origin + pathOf(health),
  }
}

const pathOf = ({ pathname }: URL) => pathname.replace(/\/$/, '')

function readUrl(section: Section, key: string): URL | undefined {
  const text = section.text(key)
  if (!text) return undefined
  const url = URL.parse(text)
  const usable = url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username
  if (usable) return url
  section.fault(key, 'is not an http or https address', 'Set it to such as http://localhost:8091/')
  return undefined
}

function readActiveHealth(section: Section, threshold: number): ActiveHealthConfiguration | undefined {
  const enabled = section.boolean('Enabled', false)
  const intervalMilliseconds = section.timeSpan('Interval', 15_000)
  const timeoutMilliseconds = section.timeSpan('Timeout', 10_000)
  const path = section.text('Path', '/') + section.text('Query', '')
  section.choice('Policy', ['ConsecutiveFailures'], 'ConsecutiveFailures')
  section.end()
  return enabled ? { intervalMilliseconds, timeoutMilliseconds, path, threshold } : undefined
}

function readPassiveHealth(section: Section, rateLimit: number): PassiveHealthConfiguration | undefined {
  const enabled = section.boolean('Enabled', false)
  const reactivationMilliseconds = section.timeSpan('ReactivationPeriod', 60_000)
  section.choice('Policy', ['TransportFailureRate'], 'TransportFailureRate')
  section.end()
  return enabled ? { reactivationMilliseconds, rateLimit } : undefined
}
