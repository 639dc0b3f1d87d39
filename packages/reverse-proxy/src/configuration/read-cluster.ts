import {
  type ActiveHealthConfiguration,
  type ClusterConfiguration,
  type DestinationConfiguration,
  loadBalancingPolicies,
  type PassiveHealthConfiguration,
} from './proxy-configuration.ts'
import type { Section } from './section.ts'

/** Reads one of YARP's `Clusters`, with YARP's defaults. */
export function readCluster(id: string, section: Section): ClusterConfiguration {
  const destinations = section
    .named('Destinations')
    .flatMap(([name, part]) => readDestination(name, part) ?? [])
  const loadBalancingPolicy =
    section.choice('LoadBalancingPolicy', loadBalancingPolicies) ?? 'PowerOfTwoChoices'
  const metadata = section.section('Metadata')
  const threshold = metadata?.number('ConsecutiveFailuresHealthPolicy.Threshold') ?? 2
  const rateLimit = metadata?.number('TransportFailureRateHealthPolicy.RateLimit') ?? 0.3
  const health = section.section('HealthCheck')
  const policies = ['HealthyAndUnknown', 'HealthyOrPanic'] as const
  const availableDestinationsPolicy =
    health?.choice('AvailableDestinationsPolicy', policies) ?? 'HealthyAndUnknown'
  const activeHealth = readActiveHealth(health?.section('Active'), threshold)
  const passiveHealth = readPassiveHealth(health?.section('Passive'), rateLimit)
  health?.end()
  const client = section.section('HttpClient')
  const maxConnectionsPerServer = client?.number('MaxConnectionsPerServer')
  client?.unsupported('SslProtocols', 'DangerousAcceptAnyServerCertificate', 'EnableMultipleHttp2Connections')
  client?.unsupported('RequestHeaderEncoding', 'ResponseHeaderEncoding', 'WebProxy')
  client?.end()
  const request = section.section('HttpRequest')
  const activityTimeoutMilliseconds = request?.timeSpan('ActivityTimeout') ?? 100_000
  request?.unsupported('Version', 'VersionPolicy', 'AllowResponseBuffering')
  request?.end()
  section.unsupported('SessionAffinity')
  section.end()
  return {
    ...{ id, destinations, loadBalancingPolicy, availableDestinationsPolicy, activeHealth, passiveHealth },
    ...{ activityTimeoutMilliseconds, maxConnectionsPerServer },
  }
}

function readDestination(id: string, section: Section): DestinationConfiguration | undefined {
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
    health: health.origin + pathOf(health),
  }
}

const pathOf = ({ pathname }: URL) => pathname.replace(/\/$/, '')

function readUrl(section: Section, key: string): URL | undefined {
  const text = section.text(key)
  const url = text ? URL.parse(text) : null
  const usable = url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username
  if (usable) return url
  section.fault(
    key,
    text ? 'is not an http or https address' : 'is missing',
    'Set it to such as http://localhost:8091/',
  )
  return undefined
}

function readActiveHealth(
  section: Section | undefined,
  threshold: number,
): ActiveHealthConfiguration | undefined {
  if (!section) return undefined
  const enabled = section.boolean('Enabled') ?? false
  const intervalMilliseconds = section.timeSpan('Interval') ?? 15_000
  const timeoutMilliseconds = section.timeSpan('Timeout') ?? 10_000
  const path = (section.text('Path') ?? '/') + (section.text('Query') ?? '')
  section.choice('Policy', ['ConsecutiveFailures'])
  section.end()
  return enabled ? { intervalMilliseconds, timeoutMilliseconds, path, threshold } : undefined
}

function readPassiveHealth(
  section: Section | undefined,
  rateLimit: number,
): PassiveHealthConfiguration | undefined {
  if (!section) return undefined
  const enabled = section.boolean('Enabled') ?? false
  const reactivationMilliseconds = section.timeSpan('ReactivationPeriod') ?? 60_000
  section.choice('Policy', ['TransportFailureRate'])
  section.end()
  return enabled ? { reactivationMilliseconds, rateLimit } : undefined
}
