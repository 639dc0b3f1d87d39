import { type CustomTransformFactory, readTransforms } from '#src/transforms/read-transforms.ts'
import type { RouteConfiguration } from './proxy-configuration.ts'
import { readMatch } from './read-match.ts'
import { readPaths } from './read-paths.ts'
import { type Policies, readPolicyName } from './read-policies.ts'
import type { Section } from './section.ts'

/** Reads one of YARP's `Routes`. */
export function readRoute(
  id: string,
  section: Section,
  policies: Policies,
  customTransforms: ReadonlyMap<string, CustomTransformFactory>,
): RouteConfiguration {
  section.requires('ClusterId', 'Name the cluster that answers this route')
  const clusterId = section.text('ClusterId', '')
  const order = section.number('Order', 0)
  const authorization = ['Default', 'Anonymous', ...policies.authorization]
  const authorizationPolicy = readPolicyName(section, 'AuthorizationPolicy', authorization, 'Default')
  const corsName = readPolicyName(section, 'CorsPolicy', ['Disable', ...policies.cors.keys()])
  const rateLimiterPolicy = unlessDisabled(
    readPolicyName(section, 'RateLimiterPolicy', ['Disable', ...policies.rateLimiter]),
  )
  const outputCacheName = readPolicyName(section, 'OutputCachePolicy', [...policies.outputCache.keys()])
  const timeoutMilliseconds = readTimeout(section, policies)
  const maxRequestBodySize = readBodySize(section)
  const bodyWithoutMeaning = section.choice('BodyWithoutMeaning', ['Forward', 'Reject'], 'Forward')
  const transforms = readTransforms(section, customTransforms)
  section.ignore('Metadata')
  const match = readMatch(section)
  const paths = readPaths(section)
  section.end()
  return {
    ...{
      id,
      clusterId,
      order,
      authorizationPolicy,
      rateLimiterPolicy,
      timeoutMilliseconds,
    },
    outputCache: policies.outputCache.get(outputCacheName ?? ''),
    cors: corsName === 'Disable' ? 'disabled' : policies.cors.get(corsName ?? ''),
    ...{ ...match, paths, transforms, maxRequestBodySize },
    takesBodyWithoutMeaning: bodyWithoutMeaning === 'Forward',
  }
}

const unlessDisabled = (name: string | undefined) => (name === 'Disable' ? undefined : name)

function readTimeout(section: Section, policies: Policies): number | undefined {
  const own = section.timeSpan('Timeout')
  const named = readPolicyName(section, 'TimeoutPolicy', ['Disable', ...policies.timeout.keys()])
  if (own !== undefined && named !== undefined)
    section.fault('TimeoutPolicy', 'stands beside Timeout', 'Keep one of them')
  return own ?? policies.timeout.get(named ?? '')
}

function readBodySize(section: Section): number | undefined {
  const size = section.whole('MaxRequestBodySize', { least: -1 })
  return size === -1 ? Number.POSITIVE_INFINITY : size
}
