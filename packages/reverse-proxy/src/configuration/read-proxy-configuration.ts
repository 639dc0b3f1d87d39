import { BlockList, isIP } from 'node:net'
import type { CustomTransformFactory } from '#src/transforms/read-transforms.ts'
import type { ProxyConfiguration } from './proxy-configuration.ts'
import { type ConfigurationFault, ProxyConfigurationError } from './proxy-configuration-error.ts'
import { readCluster } from './read-cluster.ts'
import { readLimits } from './read-limits.ts'
import { readPolicies, suggestion } from './read-policies.ts'
import { readRoute } from './read-route.ts'
import { Section } from './section.ts'

/** What the reader must know of its surroundings. */
export type ReadOptions = {
  /** Names that `AuthorizationPolicy` may have, besides `Default` and `Anonymous`. */
  authorizationPolicies: readonly string[]
  /** Names that `RateLimiterPolicy` may have, besides `Disable`. */
  rateLimiterPolicies?: readonly string[]
  /** Names that `OutputCachePolicy` may have. */
  outputCachePolicies?: readonly string[]
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
  const warnings: string[] = []
  const root = new Section(value, { path: '', faults })
  const clusters = new Map(
    root.named('Clusters').map(([id, section]) => [id, readCluster(id, section, warnings)]),
  )
  const policies = {
    authorization: options.authorizationPolicies,
    rateLimiter: options.rateLimiterPolicies ?? [],
    outputCache: options.outputCachePolicies ?? [],
    ...readPolicies(root.section('Policies')),
  }
  const routes = root.named('Routes').map(([id, section]) => {
    const route = readRoute(id, section, policies, options.customTransforms ?? new Map())
    if (route.clusterId && !clusters.has(route.clusterId)) {
      const reason = `names no cluster (${route.clusterId})`
      section.fault('ClusterId', reason, suggestion(route.clusterId, [...clusters.keys()]))
    }
    return route
  })
  const trustedProxies = readTrustedProxies(root)
  const limits = readLimits(root)
  root.ignore(...(options.otherSections ?? []))
  root.end()
  if (faults.length > 0) throw new ProxyConfigurationError(faults)
  return Object.freeze({ routes, clusters, trustedProxies, limits, warnings })
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
