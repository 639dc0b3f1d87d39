import { BlockList, isIP } from 'node:net'
import { findAmbiguousRoutes } from '#src/routing/find-ambiguous-routes.ts'
import type { CustomTransformFactory } from '#src/transforms/read-transforms.ts'
import type { ProxyConfiguration } from './proxy-configuration.ts'
import { type ConfigurationFault, ProxyConfigurationError } from './proxy-configuration-error.ts'
import { readCluster } from './read-cluster.ts'
import { readLimits } from './read-limits.ts'
import { readListeners } from './read-listeners.ts'
import { type PolicyReaders, readPolicies, suggestion } from './read-policies.ts'
import { readResolver } from './read-resolver.ts'
import { readRoute } from './read-route.ts'
import type { Section } from './section.ts'
import { WrittenSection } from './written-section.ts'

/** What the reader must know of its surroundings. */
export type ReadOptions = {
  /** Read the policies of the app's own kinds. Routes may name what they read. */
  policyReaders?: PolicyReaders
  /** Further names that `AuthorizationPolicy` may have, besides `Default` and `Anonymous`: those of policies made in code. */
  authorizationPolicies?: readonly string[]
  /** Further names that `RateLimiterPolicy` may have, besides `Disable`. */
  rateLimiterPolicies?: readonly string[]
  /** Names that `ClusterId` may have without a cluster: their routes are answered by the app itself, in `ProxyHooks.answer`. */
  ownClusters?: readonly string[]
  /** Transforms of the app's own, by the key that makes them what they are. */
  customTransforms?: ReadonlyMap<string, CustomTransformFactory>
  /** Sections beside those of the engine that the app reads itself. */
  otherSections?: readonly string[]
}

/**
 * Reads YARP's `ReverseProxy` section.
 * @throws {ProxyConfigurationError} with every fault
 */
export function readProxyConfiguration(value: unknown, options: ReadOptions): ProxyConfiguration {
  const faults: ConfigurationFault[] = []
  const configuration = readSections(new WrittenSection(value, { path: '', faults }), options)
  if (faults.length > 0) throw new ProxyConfigurationError(faults)
  return Object.freeze({
    ...configuration,
    warnings: [...configuration.warnings, ...findAmbiguousRoutes(configuration.routes)],
  })
}

/** Reads everything within `ReverseProxy`. Faults are noted in the section. */
export function readSections(root: Section, options: ReadOptions): ProxyConfiguration {
  const warnings: string[] = []
  const { ownClusters = [] } = options
  const resolver = root.section('DestinationResolver')
  const usualResolver = resolver && readResolver(resolver)
  const clusters = new Map(
    root.named('Clusters').map(([id, section]) => {
      if (ownClusters.includes(id)) section.fault('', 'is a reserved name', 'Rename the cluster')
      return [id, readCluster(id, section, { usualResolver, warnings })]
    }),
  )
  const { namesOf, ...ofEngine } = readPolicies(root.sectionOrEmpty('Policies'), options.policyReaders ?? {})
  const policies = {
    ...ofEngine,
    authorization: [...namesOf('Authorization'), ...(options.authorizationPolicies ?? [])],
    rateLimiter: [...namesOf('RateLimiter'), ...(options.rateLimiterPolicies ?? [])],
  }
  const routes = root.named('Routes').map(([id, section]) => {
    const route = readRoute(id, section, policies, options.customTransforms ?? new Map())
    if (route.clusterId && !clusters.has(route.clusterId) && !ownClusters.includes(route.clusterId)) {
      const reason = `names no cluster (${route.clusterId})`
      section.fault('ClusterId', reason, suggestion(route.clusterId, [...clusters.keys(), ...ownClusters]))
    }
    return route
  })
  const trustedProxies = readTrustedProxies(root)
  const limits = readLimits(root)
  const listeners = readListeners(root)
  root.ignore(...(options.otherSections ?? []))
  root.end()
  return { routes, clusters, trustedProxies, limits, listeners, warnings }
}

/** `TrustedProxies`: addresses and networks in CIDR form. */
function readTrustedProxies(root: Section): BlockList | undefined {
  const written = root.texts('TrustedProxies') ?? []
  const list = new BlockList()
  for (const network of written) {
    const [address = '', prefix] = network.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    const longest = family === 'ipv6' ? 128 : 32
    const length = Number(prefix ?? longest)
    const isRight = isIP(address) !== 0 && /^\d{1,3}$/.test(prefix ?? '0') && length <= longest
    if (isRight) list.addSubnet(address, length, family)
    else root.fault('TrustedProxies', `has one that is no network (${network})`, 'Write such as 10.0.0.0/8')
  }
  return written.length > 0 ? list : undefined
}
