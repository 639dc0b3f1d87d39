import { domainToASCII } from 'node:url'
import { parsePathTemplate } from '#src/routing/path-template.ts'
import { readTransform } from '#src/transforms/read-transform.ts'
import type { ProxyConfiguration, RouteConfiguration } from './proxy-configuration.ts'
import { type ConfigurationFault, ProxyConfigurationError } from './proxy-configuration-error.ts'
import { readCluster } from './read-cluster.ts'
import { readHeaderCriteria, readQueryCriteria } from './read-criteria.ts'
import { nearestOf, Section } from './section.ts'

/** What the reader must know of its surroundings. */
export type ReadOptions = {
  /** Names that `AuthorizationPolicy` may have, besides `Default` and `Anonymous`. */
  authorizationPolicies: readonly string[]
  /** Sections beside `Routes` and `Clusters` that the app reads itself. */
  otherSections?: readonly string[]
}

const methods = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE']

/**
 * Reads YARP's `ReverseProxy` section.
 * @throws {ProxyConfigurationError} with every fault
 */
export function readProxyConfiguration(value: unknown, options: ReadOptions): ProxyConfiguration {
  const faults: ConfigurationFault[] = []
  const root = new Section(value, { path: '', faults })
  const clusters = new Map(root.named('Clusters').map(([id, section]) => [id, readCluster(id, section)]))
  const routes = root.named('Routes').map(([id, section]) => {
    const route = readRoute(id, section, options)
    if (route.clusterId && !clusters.has(route.clusterId)) {
      section.fault(
        'ClusterId',
        `names no cluster (${route.clusterId})`,
        suggestion(route.clusterId, [...clusters.keys()]),
      )
    }
    return route
  })
  root.ignore(...(options.otherSections ?? []))
  root.end()
  if (faults.length > 0) throw new ProxyConfigurationError(faults)
  return Object.freeze({ routes, clusters })
}

function readRoute(id: string, section: Section, options: ReadOptions): RouteConfiguration {
  const clusterId = section.text('ClusterId')
  if (!clusterId) section.fault('ClusterId', 'is missing', 'Name the cluster that answers this route')
  const order = section.number('Order') ?? 0
  const authorizationPolicy = readPolicy(section, options.authorizationPolicies)
  const timeoutMilliseconds = section.timeSpan('Timeout')
  const maxRequestBodySize = section.number('MaxRequestBodySize')
  const transforms = section.sections('Transforms').flatMap((transform) => readTransform(transform) ?? [])
  section.unsupported('CorsPolicy', 'RateLimiterPolicy', 'OutputCachePolicy', 'TimeoutPolicy')
  section.ignore('Metadata')
  const match = readMatch(section)
  section.end()
  return {
    ...{
      id,
      clusterId: clusterId ?? '',
      order,
      authorizationPolicy,
      timeoutMilliseconds,
      ...match,
      transforms,
    },
    maxRequestBodySize: maxRequestBodySize === -1 ? Number.POSITIVE_INFINITY : maxRequestBodySize,
  }
}

function readPolicy(section: Section, names: readonly string[]): string {
  const known = ['Default', 'Anonymous', ...names]
  const name = section.text('AuthorizationPolicy') ?? 'Default'
  const found = known.find((candidate) => candidate.toLowerCase() === name.toLowerCase())
  if (!found) section.fault('AuthorizationPolicy', `names no policy (${name})`, suggestion(name, known))
  return found ?? 'Default'
}

type Match = Pick<RouteConfiguration, 'path' | 'hosts' | 'methods' | 'headers' | 'queryParameters'>

function readMatch(route: Section): Match {
  const match = route.section('Match')
  if (!match) route.fault('Match', 'is missing', 'Give it a Path or Hosts')
  const template = match?.text('Path')
  const hosts = readHosts(match)
  if (match && template === undefined && hosts.length === 0) {
    match.fault('', 'has neither Path nor Hosts', "Set Path to '/{**rest}' to match every request")
  }
  const path = parsePathTemplate(template ?? '/{**rest}')
  if ('reason' in path) match?.fault('Path', path.reason, path.mend)
  const listed = (match?.texts('Methods') ?? []).map((method) => method.toUpperCase())
  const unknown = listed.filter((method) => !methods.includes(method))
  if (unknown.length > 0)
    match?.fault('Methods', `has unknown ones (${unknown})`, `Use ${methods.join(', ')}`)
  if (new Set(listed).size < listed.length) match?.fault('Methods', 'has one of them twice', 'Remove one')
  const headers = match ? readHeaderCriteria(match) : []
  const queryParameters = match ? readQueryCriteria(match) : []
  match?.end()
  return {
    path: 'reason' in path ? { text: '', segments: [], precedence: '' } : path,
    hosts,
    methods: listed,
    headers,
    queryParameters,
  }
}

/** Written as people read them; browsers send them as punycode (RFC 5891). */
function readHosts(match: Section | undefined): string[] {
  return (match?.texts('Hosts') ?? []).map((written) => {
    if (/(?:^|\.)xn--/i.test(written)) {
      match?.fault('Hosts', `has a name in punycode (${written})`, 'Write it as people read it')
    }
    const [, wildcard = '', name = '', port = ''] = /^(\*\.)?(.*?)(:\d{1,5})?$/.exec(written) ?? []
    const ascii = /[/\\?#]/.test(name) ? '' : domainToASCII(name)
    if (!ascii)
      match?.fault('Hosts', `has one that is no host name (${written})`, 'Write name, *.name or name:port')
    return wildcard + ascii + port
  })
}

function suggestion(name: string, known: readonly string[]): string {
  const nearest = nearestOf(name, known)
  return nearest ? `Did you mean ${nearest}?` : `Use one of ${known.join(', ') || 'those that you define'}`
}
