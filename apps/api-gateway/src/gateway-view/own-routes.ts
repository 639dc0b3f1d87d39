import type { Policy } from '@alicerce/access-tokens'
import {
  type ConfigurationFault,
  createRouter,
  type ProxyConfiguration,
  type RouteConfiguration,
  type Router,
  routesTaking,
} from '@alicerce/reverse-proxy'

/** The `ClusterId` of routes that the gateway answers itself. */
export const ownCluster = 'gateway'

/** What the key may be besides, for the schema and the reference. */
export const ownClusterKeys = {
  'Routes.*.ClusterId':
    'The cluster that answers: a name among Clusters, or gateway for the view of the gateway at /api/gateway, which it answers itself.',
}

/** Where the gateway tells of itself, and which route takes a URL. */
export const viewPath = '/api/gateway'
export const whichPath = `${viewPath}/which`

const asked = [viewPath, whichPath].map((path) => ({ path, method: 'GET' }))

/**
 * Holds the routes that the gateway answers itself against what they are for: they tell of the inside of the platform, so a role is asked for, and no
 * other route takes their addresses unnoticed. Gives what is wrong, and what should be known.
 */
export function checkOwnRoutes(
  { routes }: ProxyConfiguration,
  policyOf: (name: string) => Policy | undefined,
): { faults: ConfigurationFault[]; warnings: string[] } {
  const router = createRouter(routes)
  const own = routes.filter(({ clusterId }) => clusterId === ownCluster)
  const faults = own.flatMap((route) => [
    ...policyFaults(route, policyOf(route.authorizationPolicy)),
    ...pathFaults(route, router),
  ])
  const warnings: string[] = []
  for (const [shadow, { route, path }] of shadowsOf(own, router)) {
    if (isPartial(shadow)) {
      const whose = `before Routes.${route.id} does, which is the gateway’s own`
      warnings.push(`Routes.${shadow.id} takes some of the requests for ${path} ${whose}.`)
    } else {
      const reason = `takes ${path} before Routes.${route.id} does, which is the gateway’s own`
      faults.push({
        path: `Routes.${shadow.id}.Match`,
        reason,
        mend: 'Give it another path or a higher Order',
      })
    }
  }
  return { faults, warnings }
}

/** Other routes that are tried before one of the gateway's own, with an address that they take. */
function shadowsOf(own: readonly RouteConfiguration[], router: Router) {
  const shadows = new Map<RouteConfiguration, { route: RouteConfiguration; path: string }>()
  for (const route of own) {
    for (const request of asked) {
      const taking = routesTaking(router, request)
      for (const shadow of taking.slice(0, Math.max(0, taking.indexOf(route))))
        if (shadow.clusterId !== ownCluster) shadows.set(shadow, { route, path: request.path })
    }
  }
  return shadows
}

function policyFaults(route: RouteConfiguration, policy: Policy | undefined): ConfigurationFault[] {
  if (policy?.roles && policy.roles.length > 0) return []
  const path = `Routes.${route.id}.AuthorizationPolicy`
  const reason = 'opens what only administrators may see'
  return [{ path, reason, mend: 'Name a policy that asks for Roles' }]
}

/** A route that matched nothing of it would leave the page empty, and nobody would know why. */
function pathFaults(route: RouteConfiguration, router: Router): ConfigurationFault[] {
  const takes = asked.every((request) => routesTaking(router, request).includes(route))
  const path = `Routes.${route.id}.Match`
  const reason = `does not take ${viewPath} and ${whichPath}, where the gateway answers`
  return takes ? [] : [{ path, reason, mend: `Set Path to ${viewPath}/{**rest}, with GET among Methods` }]
}

/** Whether it takes only those requests that have something more. */
const isPartial = ({ hosts, headers, queryParameters }: RouteConfiguration) =>
  hosts.length + headers.length + queryParameters.length > 0
