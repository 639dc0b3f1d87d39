import type { RequestTarget } from '#src/edge/request-target.ts'
import type { Routable, Router, RoutingResult } from './router.ts'

/**
 * Routes a request. A path that servers read in different ways goes only to a route that takes its form (`Paths`), and only where no other
 * route would take what the service may read instead: else one route's policy would be asked, and another route's resource answered.
 * @returns `refused` where the path's form is
 */
export function matchTarget(
  router: Router,
  { path, odd }: RequestTarget,
  request: Omit<Routable, 'path'>,
): RoutingResult | 'refused' {
  if (!odd) return router.match({ ...request, path })
  const result = router.match({ ...request, path, segments: odd.segments })
  const { route } = result
  if (!route || !odd.forms.every((form) => route.paths.has(form))) return 'refused'
  const others = odd.otherReadings.map((reading) => router.match({ ...request, path: reading }).route)
  return others.every((other) => other === undefined || other === route) ? result : 'refused'
}
